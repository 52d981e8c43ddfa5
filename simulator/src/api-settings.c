/* Controls, region of interest and dark subtraction. */
#include "bmp.h"
#include "call.h"
#include "control.h"
#include "sensor.h"

ASI_ERROR_CODE ASIGetNumOfControls(int id, int *count) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera) *count = camera->model->control_count;
  call_garble(&call, count, sizeof *count);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetControlCaps(int id, int index, ASI_CONTROL_CAPS *caps) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "%d", index);
  if (camera && index >= 0 && index < camera->model->control_count)
    control_describe(&camera->model->controls[index], caps);
  else if (camera)
    call.result = ASI_ERROR_INVALID_CONTROL_TYPE;
  call_garble(&call, caps, sizeof *caps);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetControlValue(int id, ASI_CONTROL_TYPE type, long *value, ASI_BOOL *automatic) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d", type);
  if (camera && model_control(camera->model, type)) {
    *value = camera_value(camera, type);
    *automatic = camera->automatic[type];
  } else if (camera) {
    call.result = ASI_ERROR_INVALID_CONTROL_TYPE;
  }
  call_garble(&call, value, sizeof *value);
  return call_end(&call);
}

static ASI_ERROR_CODE set_control(struct camera *camera, ASI_CONTROL_TYPE type, long value,
                                  bool automatic) {
  const struct control *control = model_control(camera->model, type);
  if (!control) return ASI_ERROR_INVALID_CONTROL_TYPE;
  if (!control_is_writable(type)) return ASI_ERROR_GENERAL_ERROR;
  /* The one control that cannot be changed during capture (manual, 4.2). */
  bool triggered = camera->mode != ASI_MODE_NORMAL && camera->capture.video;
  if (type == ASI_EXPOSURE && triggered) return ASI_ERROR_INVALID_SEQUENCE;
  camera_set_value(camera, control, value, automatic);
  return ASI_SUCCESS;
}

ASI_ERROR_CODE ASISetControlValue(int id, ASI_CONTROL_TYPE type, long value, ASI_BOOL automatic) {
  struct call call;
  struct camera *camera =
      call_camera(&call, __func__, id, INITIALISED, "%d %ld %d", type, value, automatic);
  if (camera) call.result = set_control(camera, type, value, automatic);
  return call_end(&call);
}

/* One offset fits all gains here, as the default does on the real cameras. */
ASI_ERROR_CODE ASIGetGainOffset(int id, int *highest_range_offset, int *unity_gain_offset,
                                int *lowest_noise_gain, int *lowest_noise_offset) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera) {
    int offset = model_control(camera->model, ASI_OFFSET)->initial;
    *highest_range_offset = *unity_gain_offset = *lowest_noise_offset = offset;
    *lowest_noise_gain = sensor_quietest_gain(camera->model);
  }
  call_garble(&call, unity_gain_offset, sizeof *unity_gain_offset);
  call_garble(&call, lowest_noise_gain, sizeof *lowest_noise_gain);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetLMHGainOffset(int id, int *low_gain, int *middle_gain, int *high_gain,
                                   int *high_offset) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera) {
    const struct model *model = camera->model;
    *low_gain = 0;
    *middle_gain = model->high_gain ? model->high_gain : sensor_unity_gain(model);
    *high_gain = sensor_quietest_gain(model);
    *high_offset = model_control(model, ASI_OFFSET)->initial;
  }
  call_garble(&call, high_gain, sizeof *high_gain);
  return call_end(&call);
}

ASI_ERROR_CODE ASISetROIFormat(int id, int width, int height, int bin, ASI_IMG_TYPE format) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d %d %d %d", width,
                                      height, bin, format);
  if (camera && capture_is_running(camera))
    call.result = ASI_ERROR_INVALID_SEQUENCE;
  else if (camera)
    call.result = roi_resize(&camera->roi, camera->model, width, height, bin, format);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetROIFormat(int id, int *width, int *height, int *bin, ASI_IMG_TYPE *format) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) {
    *width = camera->roi.width;
    *height = camera->roi.height;
    *bin = camera->roi.bin;
    *format = camera->roi.format;
  }
  call_garble(&call, width, sizeof *width);
  call_garble(&call, height, sizeof *height);
  return call_end(&call);
}

ASI_ERROR_CODE ASISetStartPos(int id, int x, int y) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%d %d", x, y);
  if (camera) call.result = roi_move(&camera->roi, camera->model, x, y);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetStartPos(int id, int *x, int *y) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) {
    *x = camera->roi.x;
    *y = camera->roi.y;
  }
  call_garble(&call, x, sizeof *x);
  call_garble(&call, y, sizeof *y);
  return call_end(&call);
}

ASI_ERROR_CODE ASIEnableDarkSubtract(int id, char *path) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "%s", path);
  if (camera) {
    call.result = bmp_check(path, camera->model->width, camera->model->height);
    camera->dark_subtract = call.result == ASI_SUCCESS;
  }
  return call_end(&call);
}

ASI_ERROR_CODE ASIDisableDarkSubtract(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, INITIALISED, "");
  if (camera) camera->dark_subtract = false;
  return call_end(&call);
}
