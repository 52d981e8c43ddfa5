#include "auto-exposure.h"

#include <math.h>

/** A sample of the pixels is enough; a prime, so that it does not follow columns. */
#define EVERY 997
/** How far one frame may change things, as a factor. */
#define STEP 2.0

double auto_exposure_brightness(const struct frame *frame, const unsigned char *buffer) {
  /* In RAW16 the upper byte of each pixel is its second. */
  int wide = frame->roi.format == ASI_IMG_RAW16;
  size_t count = roi_bytes(&frame->roi) >> wide, samples = 0;
  double sum = 0;
  for (size_t i = 0; i < count; i += EVERY, samples++) sum += buffer[wide ? 2 * i + 1 : i];
  return sum / samples;
}

static void change(struct camera *camera, ASI_CONTROL_TYPE type, long value, long highest) {
  const struct control *control = model_control(camera->model, type);
  camera_set_value(camera, control, value < highest ? value : highest, true);
}

void auto_exposure_adjust(struct camera *camera, double brightness) {
  long target = camera->values[ASI_AUTO_TARGET_BRIGHTNESS];
  if (fabs(brightness - target) < target / 20.0) return;
  double factor = fmin(STEP, fmax(1 / STEP, target / fmax(1, brightness)));
  long exposure = camera->values[ASI_EXPOSURE], longest = camera->values[ASI_AUTO_MAX_EXP] * 1000;
  bool exposes = camera->automatic[ASI_EXPOSURE];
  if (exposes) change(camera, ASI_EXPOSURE, lrint(exposure * factor), longest);
  /* Gain helps where time cannot. */
  bool at_the_end = !exposes || (factor > 1 ? exposure >= longest : camera->values[ASI_GAIN] > 0);
  if (camera->automatic[ASI_GAIN] && at_the_end)
    change(camera, ASI_GAIN,
           camera->values[ASI_GAIN] + lrint(20 * log10(factor) / camera->model->gain_db),
           camera->values[ASI_AUTO_MAX_GAIN]);
}
