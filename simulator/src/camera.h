#ifndef CAMERA_H
#define CAMERA_H

#include <pthread.h>

#include "capture.h"
#include "state.h"

#define CONTROL_TYPES (ASI_ROLLING_INTERVAL + 1)

/** What a pin of the trigger port puts out. */
struct trigger_output {
  bool high;
  long delay, duration; /* us */
};

/** A camera as one process knows it, under the CameraID this process gave it. */
struct camera {
  pthread_mutex_t lock;
  pthread_cond_t changed; /* capture began, ended or was closed */
  bool known;             /* the ID stands for a camera that was there when last looked for */
  bool listed;            /* it is among those ASIGetCameraProperty counts */
  int number;             /* of the hardware */
  unsigned plug;          /* of the hardware when it was found */
  const struct model *model;
  bool open, initialised;
  long values[CONTROL_TYPES];
  bool automatic[CONTROL_TYPES];
  struct roi roi;
  bool dark_subtract;
  ASI_CAMERA_MODE mode;
  struct trigger_output outputs[2];
  struct capture capture;
};

/** How far a camera must be for a call. */
enum readiness { CONNECTED, OPENED, INITIALISED };

/** Looks which cameras are plugged in, gives new ones the lowest free IDs and counts them all. */
int camera_look_for_all(void);

/** The CameraID at a place of that list, -1 if it is shorter. */
int camera_id_at(int index);

/** The hardware's number behind an ID, -1 if the ID stands for nothing. */
int camera_number(int id);

/** Locks a camera that is as ready as wanted; else NULL and the error. */
struct camera *camera_lock(int id, enum readiness wanted, ASI_ERROR_CODE *error);
void camera_unlock(struct camera *camera);

/** Whether the camera was pulled out since it was found. */
bool camera_is_gone(const struct camera *camera);

ASI_ERROR_CODE camera_open(struct camera *camera);
void camera_init(struct camera *camera);
void camera_close(struct camera *camera);

/** Fills in what a camera tells about itself. */
void camera_describe(const struct camera *camera, int id, ASI_CAMERA_INFO *info);

/** Reads and writes a control, wherever its value lives. */
long camera_value(const struct camera *camera, ASI_CONTROL_TYPE type);
void camera_set_value(struct camera *camera, const struct control *control, long value,
                      bool automatic);

#endif
