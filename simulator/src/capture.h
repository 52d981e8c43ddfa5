#ifndef CAPTURE_H
#define CAPTURE_H

#include "frame.h"

struct camera;

/** What a camera is taking: a single exposure, or video. Nothing runs; time is looked at. */
struct capture {
  ASI_EXPOSURE_STATUS status;
  ASI_EXPOSURE_STATUS outcome; /* what the running exposure comes to; WORKING if it never ends */
  int64_t ready;               /* when it has been read out */
  struct frame frame;          /* the single exposure */
  bool delivered;              /* it has its number */

  bool video;
  int64_t origin;     /* start of video frame 0 */
  int64_t next;       /* first video frame not yet delivered or dropped */
  int dropped;
  bool triggered;     /* a frame was triggered and is not delivered */
  int64_t trigger_on, trigger_off; /* its exposure */

  struct frame last; /* what was delivered last, for the GPS */
  bool any;          /* there was one */
};

ASI_ERROR_CODE capture_start_exposure(struct camera *camera);
void capture_stop_exposure(struct camera *camera);
ASI_EXPOSURE_STATUS capture_status(struct camera *camera);
/** The finished exposure, to be rendered without the lock. */
ASI_ERROR_CODE capture_read_exposure(struct camera *camera, struct frame *frame);

ASI_ERROR_CODE capture_start_video(struct camera *camera);
void capture_stop_video(struct camera *camera);
/** Waits for the next video frame, letting go of the lock meanwhile; -1 ms is for ever. */
ASI_ERROR_CODE capture_wait_video(struct camera *camera, int milliseconds, struct frame *frame);
/** Lets video go on with exposure time, region and bandwidth as they are now. */
void capture_restart_video(struct camera *camera);

/** Starts or ends the exposure of a frame in a soft trigger mode. */
ASI_ERROR_CODE capture_trigger(struct camera *camera, bool start);

/** Whether the camera is taking anything. */
bool capture_is_running(struct camera *camera);

#endif
