/* Exposures, video, and the modes of starting them. */
#include "auto-exposure.h"
#include "call.h"
#include "gps.h"

ASI_ERROR_CODE ASIStartExposure(int id, ASI_BOOL is_dark) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", is_dark);
  if (camera) call.result = capture_start_exposure(camera);
  return call_end(&call);
}

ASI_ERROR_CODE ASIStopExposure(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) capture_stop_exposure(camera);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetExpStatus(int id, ASI_EXPOSURE_STATUS *status) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) *status = capture_status(camera);
  call_garble(&call, status, sizeof *status);
  return call_end(&call);
}

/** Makes the picture outside the lock, so that nothing else waits for it. */
static void render(struct call *call, const struct frame *frame, unsigned char *buffer) {
  call_unlock(call);
  frame_render(frame, buffer);
}

static bool is_too_small(long size, const struct roi *roi) {
  return size < 0 || (size_t)size < roi_bytes(roi);
}

static void read_exposure(struct call *call, unsigned char *buffer, long size, ASI_GPS_DATA *gps) {
  struct camera *camera = call->camera;
  struct frame frame;
  if (gps && !camera->model->gps) {
    call->result = ASI_ERROR_GPS_NOT_SUPPORTED;
    return;
  }
  if (capture_status(camera) == ASI_EXP_SUCCESS && is_too_small(size, &camera->capture.frame.roi)) {
    call->result = ASI_ERROR_BUFFER_TOO_SMALL;
    return;
  }
  call->result = capture_read_exposure(camera, &frame);
  if (call->result != ASI_SUCCESS) return;
  if (gps) call->result = gps_read(camera, ASI_GPS_START_LINE, gps);
  render(call, &frame, buffer);
}

ASI_ERROR_CODE ASIGetDataAfterExp(int id, unsigned char *buffer, long size) {
  struct call call;
  if (call_camera(&call, __func__, id, INITIALISED, "%ld", size))
    read_exposure(&call, buffer, size, NULL);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetDataAfterExpGPS(int id, unsigned char *buffer, long size, ASI_GPS_DATA *gps) {
  struct call call;
  if (call_camera(&call, __func__, id, INITIALISED, "%ld", size))
    read_exposure(&call, buffer, size, gps);
  return call_end(&call);
}

ASI_ERROR_CODE ASIStartVideoCapture(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) call.result = capture_start_video(camera);
  return call_end(&call);
}

ASI_ERROR_CODE ASIStopVideoCapture(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) capture_stop_video(camera);
  return call_end(&call);
}

static void read_video(struct call *call, unsigned char *buffer, long size, int milliseconds,
                       ASI_GPS_DATA *gps) {
  struct camera *camera = call->camera;
  struct frame frame;
  if (gps && !camera->model->gps) {
    call->result = ASI_ERROR_GPS_NOT_SUPPORTED;
    return;
  }
  if (is_too_small(size, &camera->roi)) {
    call->result = ASI_ERROR_BUFFER_TOO_SMALL;
    return;
  }
  call->result = capture_wait_video(camera, milliseconds, &frame);
  if (call->result != ASI_SUCCESS) return;
  if (gps) call->result = gps_read(camera, ASI_GPS_START_LINE, gps);
  bool automatic = camera->automatic[ASI_EXPOSURE] || camera->automatic[ASI_GAIN];
  render(call, &frame, buffer);
  if (!automatic) return;
  double brightness = auto_exposure_brightness(&frame, buffer);
  pthread_mutex_lock(&camera->lock);
  call->camera = camera;
  if (camera->capture.video) auto_exposure_adjust(camera, brightness);
}

ASI_ERROR_CODE ASIGetVideoData(int id, unsigned char *buffer, long size, int milliseconds) {
  struct call call;
  if (call_camera(&call, __func__, id, INITIALISED, "%ld %d", size, milliseconds))
    read_video(&call, buffer, size, milliseconds, NULL);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetVideoDataGPS(int id, unsigned char *buffer, long size, int milliseconds,
                                  ASI_GPS_DATA *gps) {
  struct call call;
  if (call_camera(&call, __func__, id, INITIALISED, "%ld %d", size, milliseconds))
    read_video(&call, buffer, size, milliseconds, gps);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetDroppedFrames(int id, int *dropped) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) *dropped = camera->capture.dropped;
  call_garble(&call, dropped, sizeof *dropped);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGPSGetData(int id, ASI_GPS_DATA *start, ASI_GPS_DATA *end) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) call.result = gps_read(camera, ASI_GPS_START_LINE, start);
  if (camera && call.result == ASI_SUCCESS) call.result = gps_read(camera, ASI_GPS_END_LINE, end);
  return call_end(&call);
}
