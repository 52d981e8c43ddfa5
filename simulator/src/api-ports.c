/* The sockets of a camera: ST4 relays and the trigger port. */
#include "call.h"

static ASI_ERROR_CODE switch_relay(struct camera *camera, ASI_GUIDE_DIRECTION direction, bool on) {
  if (!camera->model->st4) return ASI_ERROR_GENERAL_ERROR;
  bool exists = (int)direction >= ASI_GUIDE_NORTH && direction <= ASI_GUIDE_WEST;
  if (!exists) return ASI_ERROR_GENERAL_ERROR;
  struct state *state = state_lock();
  state_switch_relay(state, camera->number, direction, on);
  state_unlock();
  return ASI_SUCCESS;
}

ASI_ERROR_CODE ASIPulseGuideOn(int id, ASI_GUIDE_DIRECTION direction) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", direction);
  if (camera) call.result = switch_relay(camera, direction, true);
  return call_end(&call);
}

ASI_ERROR_CODE ASIPulseGuideOff(int id, ASI_GUIDE_DIRECTION direction) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", direction);
  if (camera) call.result = switch_relay(camera, direction, false);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetCameraSupportMode(int id, ASI_SUPPORTED_MODE *modes) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) {
    int count = camera->model->trigger ? ASI_MODE_TRIG_LOW_LEVEL + 1 : 1;
    for (int i = 0; i < 16; i++) modes->SupportedCameraMode[i] = i < count ? i : ASI_MODE_END;
  }
  call_garble(&call, modes, sizeof *modes);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetCameraMode(int id, ASI_CAMERA_MODE *mode) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) *mode = camera->mode;
  call_garble(&call, mode, sizeof *mode);
  return call_end(&call);
}

static ASI_ERROR_CODE set_mode(struct camera *camera, ASI_CAMERA_MODE mode) {
  int last = camera->model->trigger ? ASI_MODE_TRIG_LOW_LEVEL : ASI_MODE_NORMAL;
  if (capture_is_running(camera)) return ASI_ERROR_INVALID_SEQUENCE;
  if ((int)mode < 0 || (int)mode > last) return ASI_ERROR_INVALID_MODE;
  camera->mode = mode;
  return ASI_SUCCESS;
}

ASI_ERROR_CODE ASISetCameraMode(int id, ASI_CAMERA_MODE mode) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", mode);
  if (camera) call.result = set_mode(camera, mode);
  return call_end(&call);
}

ASI_ERROR_CODE ASISendSoftTrigger(int id, ASI_BOOL start) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", start);
  if (camera) call.result = capture_trigger(camera, start);
  return call_end(&call);
}

/** A pin of the trigger port, NULL if there is none. */
static struct trigger_output *output(struct camera *camera, ASI_TRIG_OUTPUT_PIN pin) {
  bool exists = pin == ASI_TRIG_OUTPUT_PINA || pin == ASI_TRIG_OUTPUT_PINB;
  return camera->model->trigger && exists ? &camera->outputs[pin] : NULL;
}

static ASI_ERROR_CODE set_output(struct trigger_output *output, bool high, long delay,
                                 long duration) {
  const long longest = 2000L * 1000 * 1000;
  if (!output || delay < 0 || delay > longest || duration > longest) return ASI_ERROR_GENERAL_ERROR;
  *output = (struct trigger_output){high, delay, duration > 0 ? duration : 0};
  return ASI_SUCCESS;
}

ASI_ERROR_CODE ASISetTriggerOutputIOConf(int id, ASI_TRIG_OUTPUT_PIN pin, ASI_BOOL high, long delay,
                                         long duration) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d %d %ld %ld", pin,
                                      high, delay, duration);
  if (camera) call.result = set_output(output(camera, pin), high, delay, duration);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetTriggerOutputIOConf(int id, ASI_TRIG_OUTPUT_PIN pin, ASI_BOOL *high,
                                         long *delay, long *duration) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", pin);
  const struct trigger_output *pin_output = camera ? output(camera, pin) : NULL;
  if (pin_output) {
    *high = pin_output->high;
    *delay = pin_output->delay;
    *duration = pin_output->duration;
  } else if (camera) {
    call.result = ASI_ERROR_GENERAL_ERROR;
  }
  return call_end(&call);
}
