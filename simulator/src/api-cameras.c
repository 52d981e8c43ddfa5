/* Which cameras there are, and what each is. */
#include <stdio.h>
#include <string.h>

#include "call.h"

#define VENDOR_ID 0x03c3

int ASIGetNumOfConnectedCameras(void) {
  struct call call;
  if (call_begin(&call, __func__, "")) call.result = camera_look_for_all();
  call_garble(&call, &call.result, sizeof call.result);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetCameraProperty(ASI_CAMERA_INFO *info, int index) {
  struct call call;
  int id = camera_id_at(index);
  struct camera *camera = call_camera(&call, __func__, id, CONNECTED, "%d", index);
  if (camera)
    camera_describe(camera, id, info);
  else if (call.result == ASI_ERROR_INVALID_ID)
    call.result = ASI_ERROR_INVALID_INDEX;
  call_garble(&call, info, sizeof *info);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetCameraPropertyByID(int id, ASI_CAMERA_INFO *info) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, CONNECTED, "");
  if (camera) camera_describe(camera, id, info);
  call_garble(&call, info, sizeof *info);
  return call_end(&call);
}

int ASIGetProductIDs(int *product_ids) {
  struct call call;
  if (call_begin(&call, __func__, "")) {
    for (int i = 0; product_ids && i < model_count; i++) product_ids[i] = models[i].product_id;
    call.result = model_count;
  }
  return call_end(&call);
}

ASI_BOOL ASICameraCheck(int vendor_id, int product_id) {
  struct call call;
  if (call_begin(&call, __func__, "%d %d", vendor_id, product_id))
    for (int i = 0; i < model_count; i++)
      call.result |= vendor_id == VENDOR_ID && product_id == models[i].product_id;
  return call_end(&call);
}

char *ASIGetSDKVersion(void) {
  static char version[] = "1, 39, 0, 0 (simulator)";
  struct call call;
  call_begin(&call, __func__, "");
  call_end(&call);
  return version;
}

ASI_ERROR_CODE ASIOpenCamera(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, CONNECTED, "");
  if (camera) call.result = camera_open(camera);
  return call_end(&call);
}

ASI_ERROR_CODE ASIInitCamera(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera) camera_init(camera);
  return call_end(&call);
}

ASI_ERROR_CODE ASICloseCamera(int id) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, CONNECTED, "");
  if (camera) camera_close(camera);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetSerialNumber(int id, ASI_SN *serial) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera && !camera->model->serial_number) {
    call.result = ASI_ERROR_GENERAL_ERROR;
  } else if (camera) {
    int product = camera->model->product_id, ordinal = state_get()->cameras[call.number].ordinal;
    *serial = (ASI_SN){{0x51, 0x3d, product >> 8, product & 0xff, 0, 0, 0, ordinal}};
  }
  call_garble(&call, serial, sizeof *serial);
  return call_end(&call);
}

ASI_ERROR_CODE ASIGetID(int id, ASI_ID *flash) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera && camera->model->usb3)
    memcpy(flash->id, state_get()->cameras[call.number].flash_id, sizeof flash->id);
  else if (camera)
    call.result = ASI_ERROR_GENERAL_ERROR;
  call_garble(&call, flash, sizeof *flash);
  return call_end(&call);
}

ASI_ERROR_CODE ASISetID(int id, ASI_ID flash) {
  struct call call;
  struct camera *camera = call_camera(&call, __func__, id, OPENED, "");
  if (camera && camera->model->usb3)
    memcpy(state_get()->cameras[call.number].flash_id, flash.id, sizeof flash.id);
  else if (camera)
    call.result = ASI_ERROR_GENERAL_ERROR;
  return call_end(&call);
}
