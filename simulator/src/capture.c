#include "capture.h"

#include "camera.h"
#include "clock.h"

/** While waiting for a frame, how often to look whether the camera is still there. */
#define LOOK (50 * MILLISECOND)

static int64_t exposure_time(const struct camera *camera) {
  return camera->values[ASI_EXPOSURE] * MICROSECOND;
}

/** Time a frame takes over USB: all its sensor's pixels, for binning is done in the computer. */
static int64_t transfer_time(const struct camera *camera) {
  double rate = state_get()->settings.usb_mbps;
  if (rate == 0) return 0;
  if (rate < 0) rate = camera->model->usb3 ? 350 : 40;
  const struct roi *roi = &camera->roi;
  double bytes = (double)roi->width * roi->height * roi->bin * roi->bin;
  if (roi->format == ASI_IMG_RAW16) bytes *= 2;
  return bytes / (rate * 1e6 * camera->values[ASI_BANDWIDTHOVERLOAD] / 100) * SECOND;
}

/** A frame exposed from `start` to `end` with the camera's settings as they are now. */
static struct frame expose(const struct camera *camera, int64_t start, int64_t end) {
  const long *values = camera->values;
  int ordinal = state_get()->cameras[camera->number].ordinal;
  return (struct frame){
      .sensor = (uint64_t)(camera->model->product_id << 8 | ordinal) << 32,
      .model = camera->model,
      .roi = camera->roi,
      .flip = values[ASI_FLIP],
      .gain = values[ASI_GAIN],
      .offset = values[ASI_OFFSET],
      .wb_r = values[ASI_WB_R],
      .wb_b = values[ASI_WB_B],
      .high_speed = values[ASI_HIGH_SPEED_MODE],
      .mono_bin = values[ASI_MONO_BIN],
      .flaws = !camera->dark_subtract || camera->roi.format == ASI_IMG_RAW16,
      .start = start,
      .end = end,
  };
}

/** Gives a frame that goes to the caller its number and the sensor's temperature. */
static void deliver(struct camera *camera, struct frame *frame) {
  struct state *state = state_lock();
  frame->number = state->cameras[camera->number].frames++;
  frame->temperature = state_cooler(state, camera->number)->temperature;
  state_unlock();
  camera->capture.last = *frame;
  camera->capture.any = true;
}

static ASI_EXPOSURE_STATUS ordered_outcome(int camera) {
  struct state *state = state_get();
  if (!state->faults.pending) return ASI_EXP_SUCCESS;
  int value;
  ASI_EXPOSURE_STATUS outcome = ASI_EXP_SUCCESS;
  state_lock();
  if (fault_take(&state->faults, FAULT_EXPOSURE, camera, "", &value))
    outcome = ASI_EXP_FAILED;
  else if (fault_take(&state->faults, FAULT_STUCK, camera, "", &value))
    outcome = ASI_EXP_WORKING;
  state_unlock();
  return outcome;
}

ASI_ERROR_CODE capture_start_exposure(struct camera *camera) {
  struct capture *capture = &camera->capture;
  if (capture->video) return ASI_ERROR_VIDEO_MODE_ACTIVE;
  if (capture_status(camera) == ASI_EXP_WORKING) return ASI_ERROR_EXPOSURE_IN_PROGRESS;
  if (camera->mode != ASI_MODE_NORMAL) return ASI_ERROR_INVALID_MODE;
  int64_t start = clock_now(), end = start + exposure_time(camera);
  capture->status = ASI_EXP_WORKING;
  capture->outcome = ordered_outcome(camera->number);
  capture->ready = end + transfer_time(camera);
  capture->frame = expose(camera, start, end);
  capture->delivered = false;
  return ASI_SUCCESS;
}

ASI_EXPOSURE_STATUS capture_status(struct camera *camera) {
  struct capture *capture = &camera->capture;
  if (capture->status == ASI_EXP_WORKING && clock_now() >= capture->ready)
    capture->status = capture->outcome;
  return capture->status;
}

void capture_stop_exposure(struct camera *camera) {
  struct capture *capture = &camera->capture;
  if (capture_status(camera) != ASI_EXP_WORKING) return;
  int64_t now = clock_now();
  int64_t shortest = model_control(camera->model, ASI_EXPOSURE)->min * MICROSECOND;
  bool readable = capture->outcome == ASI_EXP_SUCCESS && now - capture->frame.start >= shortest;
  if (now < capture->frame.end) capture->frame.end = now;
  capture->status = readable ? ASI_EXP_SUCCESS : ASI_EXP_IDLE;
}

ASI_ERROR_CODE capture_read_exposure(struct camera *camera, struct frame *frame) {
  struct capture *capture = &camera->capture;
  if (capture->video) return ASI_ERROR_VIDEO_MODE_ACTIVE;
  if (capture_status(camera) != ASI_EXP_SUCCESS) return ASI_ERROR_TIMEOUT;
  if (!capture->delivered) deliver(camera, &capture->frame);
  capture->delivered = true;
  *frame = capture->frame;
  return ASI_SUCCESS;
}

ASI_ERROR_CODE capture_start_video(struct camera *camera) {
  struct capture *capture = &camera->capture;
  if (capture_status(camera) == ASI_EXP_WORKING) return ASI_ERROR_EXPOSURE_IN_PROGRESS;
  if (capture->video) return ASI_SUCCESS;
  *capture = (struct capture){.video = true};
  capture_restart_video(camera);
  return ASI_SUCCESS;
}

void capture_stop_video(struct camera *camera) {
  camera->capture.video = false;
  camera->capture.dropped = 0;
  pthread_cond_broadcast(&camera->changed);
}

void capture_restart_video(struct camera *camera) {
  camera->capture.origin = clock_now();
  camera->capture.next = 0;
  pthread_cond_broadcast(&camera->changed);
}

/** Whether a video frame can be had now; if not, when the next one can. */
static bool next_frame(struct camera *camera, int64_t now, struct frame *frame, int64_t *when) {
  struct capture *capture = &camera->capture;
  int64_t exposure = exposure_time(camera), transfer = transfer_time(camera);
  if (camera->mode != ASI_MODE_NORMAL) {
    *when = capture->triggered ? capture->trigger_off + transfer : INT64_MAX;
    if (now < *when) return false;
    capture->triggered = false;
    *frame = expose(camera, capture->trigger_on, capture->trigger_off);
    return true;
  }
  int64_t period = exposure > transfer ? exposure : transfer;
  *when = capture->origin + capture->next * period + exposure + transfer;
  if (now < *when) return false;
  /* The library keeps two frames; what is older is dropped. */
  int64_t newest = capture->next + (now - *when) / period;
  if (newest > capture->next + 1) {
    capture->dropped += newest - 1 - capture->next;
    capture->next = newest - 1;
  }
  int64_t start = capture->origin + capture->next++ * period;
  *frame = expose(camera, start, start + exposure);
  return true;
}

static void wait_until(struct camera *camera, int64_t when) {
  struct timespec end = {.tv_sec = when / SECOND, .tv_nsec = when % SECOND};
  pthread_cond_timedwait(&camera->changed, &camera->lock, &end);
}

ASI_ERROR_CODE capture_wait_video(struct camera *camera, int milliseconds, struct frame *frame) {
  if (!camera->capture.video) return ASI_ERROR_GENERAL_ERROR;
  int64_t deadline = milliseconds < 0 ? INT64_MAX : clock_now() + milliseconds * MILLISECOND;
  for (;;) {
    if (!camera->open) return ASI_ERROR_CAMERA_CLOSED;
    if (camera_is_gone(camera)) return ASI_ERROR_CAMERA_REMOVED;
    int64_t now = clock_now(), when = INT64_MAX;
    if (!camera->capture.video) return ASI_ERROR_TIMEOUT;
    if (next_frame(camera, now, frame, &when)) break;
    if (now >= deadline) return ASI_ERROR_TIMEOUT;
    if (when > deadline) when = deadline;
    wait_until(camera, when < now + LOOK ? when : now + LOOK);
  }
  deliver(camera, frame);
  return ASI_SUCCESS;
}

ASI_ERROR_CODE capture_trigger(struct camera *camera, bool start) {
  struct capture *capture = &camera->capture;
  bool edge = camera->mode == ASI_MODE_TRIG_SOFT_EDGE;
  if (!edge && camera->mode != ASI_MODE_TRIG_SOFT_LEVEL) return ASI_ERROR_INVALID_MODE;
  if (!capture->video) return ASI_ERROR_INVALID_SEQUENCE;
  int64_t now = clock_now();
  if (start) {
    capture->triggered = true;
    capture->trigger_on = now;
    capture->trigger_off = edge ? now + exposure_time(camera) : INT64_MAX / 2;
  } else if (!edge && capture->triggered) {
    capture->trigger_off = now;
  }
  pthread_cond_broadcast(&camera->changed);
  return ASI_SUCCESS;
}

bool capture_is_running(struct camera *camera) {
  return camera->capture.video || capture_status(camera) == ASI_EXP_WORKING;
}
