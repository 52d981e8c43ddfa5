/*
 * Steering of the simulated hardware, for tests. Exported by the simulator beside the functions of
 * the SDK; the command `asi-sim` offers the same from a shell.
 *
 * `camera` is the number of a simulated camera: its place in ASI_SIM_CAMERAS, from 0, kept when it
 * is unplugged; -1 means whichever camera. It is not the CameraID, which every process hands out
 * for itself. A `function` such as "ASIGetExpStatus+3" is one that goes wrong after three calls that
 * do not. All functions return 0, or -1 when there is no such camera, model or room.
 */
#ifndef ASISIMULATOR_H
#define ASISIMULATOR_H

#include "ASICamera2.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The next `times` calls of `function` ("*" for any) return `code` and do nothing else. */
ASICAMERA_API int SimFail(int camera, const char *function, int code, int times);
/** The next `times` calls of `function` take `milliseconds` longer. */
ASICAMERA_API int SimHang(int camera, const char *function, int milliseconds, int times);
/** The next call of `function` ends its process with abort(), `times` times. */
ASICAMERA_API int SimCrash(int camera, const char *function, int times);
/** The next call of `function` prints a line to stdout, as the vendor library does. */
ASICAMERA_API int SimPrint(int camera, const char *function);
/** The next `times` calls of `function` succeed, but what they find out is nonsense: bytes such as `byte`. */
ASICAMERA_API int SimGarble(int camera, const char *function, int byte, int times);
/** The next `times` exposures end as ASI_EXP_FAILED. */
ASICAMERA_API int SimExposureFail(int camera, int times);
/** The next `times` exposures stay ASI_EXP_WORKING until they are stopped. */
ASICAMERA_API int SimExposureStuck(int camera, int times);
/** Forgets all faults that were ordered and have not happened yet. */
ASICAMERA_API int SimClear(void);
/** Pulls the cable of a camera (of all with -1). */
ASICAMERA_API int SimUnplug(int camera);
/** Plugs a camera (all with -1) in again; whoever had it open must open it anew. */
ASICAMERA_API int SimPlug(int camera);
/** Adds a camera of a model, with or without "ZWO ", and returns its number or -1. */
ASICAMERA_API int SimAdd(const char *model);

#ifdef __cplusplus
}
#endif

#endif
