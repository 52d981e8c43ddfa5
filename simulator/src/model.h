#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "ASICamera2.h"

#define MODEL_CONTROLS_MAX 24

/** A control of a model with its range, in the order the camera lists it. */
struct control {
  ASI_CONTROL_TYPE type;
  long min, max, initial;
};

/** A point of a sensor's curve of read noise over gain. */
struct read_noise {
  int gain;
  double electrons;
};

/** What is printed on the box of a camera, and what its sensor does. */
struct model {
  const char *name;
  int product_id;
  int width, height;
  double pixel_um;
  bool colour;
  ASI_BAYER_PATTERN bayer;
  int bins[8];
  ASI_IMG_TYPE formats[8];
  bool st4, cooler, usb3, trigger, gps, serial_number;
  int block; /* pixels of a picture come in multiples of this */
  int bits;
  int align_x, align_y; /* start positions are moved down to multiples of these, in binned pixels */
  double full_well;     /* electrons at gain 0, which fill the converter */
  double gain_db;       /* decibels of one step of the gain control */
  int high_gain;        /* gain where the sensor changes to its high conversion gain, 0 if never */
  struct read_noise read_noise[4];
  double dark_current; /* electrons a second and pixel at 20 degrees C */
  double quantum_efficiency;
  int offset_step; /* left-justified 16-bit ADU of one step of the offset control */
  int control_count;
  struct control controls[MODEL_CONTROLS_MAX];
};

extern const struct model models[];
extern const int model_count;

/** The model of a name with or without "ZWO ", as its number in `models`; -1 if there is none. */
int model_find(const char *name);

/** A model's control of a type, NULL if it has none. */
const struct control *model_control(const struct model *model, ASI_CONTROL_TYPE type);

#endif
