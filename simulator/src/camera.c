#include "camera.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "sensor.h"

static struct camera cameras[ASICAMERA_ID_MAX];
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;

static void make_cameras(void) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  for (int id = 0; id < ASICAMERA_ID_MAX; id++) {
    pthread_mutex_init(&cameras[id].lock, NULL);
    pthread_cond_init(&cameras[id].changed, &monotonic);
  }
}

static struct camera *camera_of(int id) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_cameras);
  return id >= 0 && id < ASICAMERA_ID_MAX ? &cameras[id] : NULL;
}

bool camera_is_gone(const struct camera *camera) {
  const struct hardware *hardware = &state_get()->cameras[camera->number];
  return !hardware->plugged || hardware->plug != camera->plug;
}

static bool is_known(unsigned plug) {
  for (int id = 0; id < ASICAMERA_ID_MAX; id++)
    if (cameras[id].known && cameras[id].plug == plug) return true;
  return false;
}

static void make_known(int number, unsigned plug) {
  int id = 0;
  while (id < ASICAMERA_ID_MAX && cameras[id].known) id++;
  struct camera *camera = camera_of(id);
  if (!camera) return;
  pthread_mutex_lock(&camera->lock);
  camera->known = camera->listed = true;
  camera->number = number;
  camera->plug = plug;
  camera->model = &models[state_get()->cameras[number].model];
  pthread_mutex_unlock(&camera->lock);
}

int camera_look_for_all(void) {
  struct state *state = state_get();
  int count = 0;
  pthread_mutex_lock(&list_lock);
  for (int id = 0; id < ASICAMERA_ID_MAX; id++) {
    struct camera *camera = camera_of(id);
    pthread_mutex_lock(&camera->lock);
    camera->listed = camera->known && !camera_is_gone(camera);
    camera->known = camera->listed || camera->open;
    pthread_mutex_unlock(&camera->lock);
  }
  for (int number = 0; number < state->camera_count; number++) {
    const struct hardware *hardware = &state->cameras[number];
    if (!hardware->plugged) continue;
    if (!is_known(hardware->plug)) make_known(number, hardware->plug);
    count++;
  }
  pthread_mutex_unlock(&list_lock);
  return count;
}

int camera_id_at(int index) {
  for (int id = 0; id < ASICAMERA_ID_MAX && index >= 0; id++)
    if (cameras[id].listed && index-- == 0) return id;
  return -1;
}

int camera_number(int id) {
  struct camera *camera = camera_of(id);
  return camera && camera->known ? camera->number : -1;
}

struct camera *camera_lock(int id, enum readiness wanted, ASI_ERROR_CODE *error) {
  struct camera *camera = camera_of(id);
  *error = ASI_ERROR_INVALID_ID;
  if (!camera) return NULL;
  pthread_mutex_lock(&camera->lock);
  if (!camera->known) {
    *error = ASI_ERROR_INVALID_ID;
  } else if (wanted >= OPENED && !camera->open) {
    *error = ASI_ERROR_CAMERA_CLOSED;
  } else if (wanted >= OPENED && camera_is_gone(camera)) {
    *error = ASI_ERROR_CAMERA_REMOVED;
  } else if (wanted >= INITIALISED && !camera->initialised) {
    *error = ASI_ERROR_CAMERA_CLOSED;
  } else {
    *error = ASI_SUCCESS;
    return camera;
  }
  pthread_mutex_unlock(&camera->lock);
  return NULL;
}

void camera_unlock(struct camera *camera) { pthread_mutex_unlock(&camera->lock); }

ASI_ERROR_CODE camera_open(struct camera *camera) {
  if (camera_is_gone(camera)) return ASI_ERROR_CAMERA_REMOVED;
  if (camera->open) return ASI_SUCCESS;
  if (!state_claim(camera->plug)) return ASI_ERROR_GENERAL_ERROR;
  state_get()->cameras[camera->number].owner = getpid();
  camera->open = true;
  return ASI_SUCCESS;
}

void camera_init(struct camera *camera) {
  memset(camera->values, 0, sizeof camera->values);
  memset(camera->automatic, 0, sizeof camera->automatic);
  memset(camera->outputs, 0, sizeof camera->outputs);
  for (int i = 0; i < camera->model->control_count; i++)
    camera->values[camera->model->controls[i].type] = camera->model->controls[i].initial;
  camera->roi = roi_full(camera->model);
  camera->dark_subtract = false;
  camera->mode = ASI_MODE_NORMAL;
  camera->capture = (struct capture){.status = ASI_EXP_IDLE};
  camera->initialised = true;
}

void camera_close(struct camera *camera) {
  if (!camera->open) return;
  state_release(camera->plug);
  camera->open = camera->initialised = false;
  camera->capture = (struct capture){.status = ASI_EXP_IDLE};
  pthread_cond_broadcast(&camera->changed);
}

void camera_describe(const struct camera *camera, int id, ASI_CAMERA_INFO *info) {
  const struct model *model = camera->model;
  long gain = model_control(model, ASI_GAIN)->initial;
  if (camera->initialised) gain = camera->values[ASI_GAIN];
  *info = (ASI_CAMERA_INFO){
      .CameraID = id,
      .MaxHeight = model->height,
      .MaxWidth = model->width,
      .IsColorCam = model->colour,
      .BayerPattern = model->bayer,
      .PixelSize = model->pixel_um,
      .ST4Port = model->st4,
      .IsCoolerCam = model->cooler,
      .IsUSB3Host = model->usb3,
      .IsUSB3Camera = model->usb3,
      .ElecPerADU = sensor_electrons_per_adu(model, gain),
      .BitDepth = model->bits,
      .IsTriggerCam = model->trigger,
  };
  snprintf(info->Name, sizeof info->Name, "%s", model->name);
  memcpy(info->SupportedBins, model->bins, sizeof model->bins);
  memcpy(info->SupportedVideoFormat, model->formats, sizeof model->formats);
}

static struct cooler cooler_now(int number) {
  struct state *state = state_lock();
  struct cooler cooler = *state_cooler(state, number);
  state_unlock();
  return cooler;
}

long camera_value(const struct camera *camera, ASI_CONTROL_TYPE type) {
  switch (type) {
    case ASI_TEMPERATURE:
      return lrint(cooler_now(camera->number).temperature * 10);
    case ASI_COOLER_POWER_PERC:
      return lrint(cooler_now(camera->number).power);
    case ASI_TARGET_TEMP:
      return cooler_now(camera->number).target;
    case ASI_COOLER_ON:
      return cooler_now(camera->number).on;
    default:
      return camera->values[type];
  }
}

static void set_cooler(int number, ASI_CONTROL_TYPE type, long value) {
  struct state *state = state_lock();
  struct cooler *cooler = state_cooler(state, number);
  if (type == ASI_TARGET_TEMP)
    cooler->target = value;
  else
    cooler->on = value;
  state_unlock();
}

void camera_set_value(struct camera *camera, const struct control *control, long value,
                      bool automatic) {
  ASI_CONTROL_TYPE type = control->type;
  value = control_clamp(control, value);
  if (type == ASI_TARGET_TEMP || type == ASI_COOLER_ON) {
    set_cooler(camera->number, type, value);
    return;
  }
  camera->automatic[type] = automatic && control_has_auto(type);
  if (camera->values[type] == value) return;
  camera->values[type] = value;
  bool pace = type == ASI_EXPOSURE || type == ASI_BANDWIDTHOVERLOAD;
  if (pace && camera->capture.video) capture_restart_video(camera);
}
