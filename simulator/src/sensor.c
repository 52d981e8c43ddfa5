#include "sensor.h"

#include <math.h>

double sensor_electrons_per_adu(const struct model *model, long gain) {
  return model->full_well / (1 << model->bits) / pow(10, gain * model->gain_db / 20);
}

double sensor_read_noise(const struct model *model, long gain) {
  const struct read_noise *curve = model->read_noise;
  for (int i = 1; i < 4; i++) {
    if (gain > curve[i].gain) continue;
    double part = (double)(gain - curve[i - 1].gain) / (curve[i].gain - curve[i - 1].gain);
    return curve[i - 1].electrons + part * (curve[i].electrons - curve[i - 1].electrons);
  }
  return curve[3].electrons;
}

double sensor_dark_current(const struct model *model, double celsius) {
  return model->dark_current * exp2((celsius - 20) / 6);
}

int sensor_unity_gain(const struct model *model) {
  return lrint(fmax(0, 20 / model->gain_db * log10(sensor_electrons_per_adu(model, 0))));
}

int sensor_quietest_gain(const struct model *model) { return model->read_noise[3].gain; }
