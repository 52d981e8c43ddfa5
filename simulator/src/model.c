/*
 * The cameras there are.
 *
 * Names, sizes, bins, formats and control ranges are those the real cameras report (recorded
 * definitions of the ASI2600MC Pro and the ASI120MM; published logs of drivers for the others).
 * Full well, read noise, dark current and quantum efficiency are read off the vendor's charts and
 * rounded. Product ids identify a model here; the real ones may differ.
 */
#include "model.h"

#include <string.h>

#define COUNTED(...)                                                                       \
  .control_count = sizeof((struct control[]){__VA_ARGS__}) / sizeof(struct control),       \
  .controls = { __VA_ARGS__ }

#define GAIN(max, initial) {ASI_GAIN, 0, max, initial}
#define EXPOSURE(min_us, max_s) {ASI_EXPOSURE, min_us, max_s * 1000000L, 10000}
#define GAMMA {ASI_GAMMA, 1, 100, 50}
#define WHITE_BALANCE {ASI_WB_R, 1, 99, 52}, {ASI_WB_B, 1, 99, 95}
#define OFFSET(max, initial) {ASI_OFFSET, 0, max, initial}
#define BANDWIDTH {ASI_BANDWIDTHOVERLOAD, 40, 100, 50}
#define FLIP {ASI_FLIP, 0, 3, 0}
#define AUTO_EXPOSURE(max_gain)                                              \
  {ASI_AUTO_MAX_GAIN, 0, max_gain, max_gain / 2},                            \
      {ASI_AUTO_MAX_EXP, 1, 60000, 100}, {ASI_AUTO_TARGET_BRIGHTNESS, 50, 160, 100}
#define HARDWARE_BIN {ASI_HARDWARE_BIN, 0, 1, 0}
#define HIGH_SPEED {ASI_HIGH_SPEED_MODE, 0, 1, 0}
#define MONO_BIN {ASI_MONO_BIN, 0, 1, 0}
#define TEMPERATURE {ASI_TEMPERATURE, -500, 1000, 0}
#define COOLER                                                               \
  {ASI_COOLER_POWER_PERC, 0, 100, 0}, {ASI_TARGET_TEMP, -40, 30, 0}, {ASI_COOLER_ON, 0, 1, 0}
#define FAN {ASI_FAN_ON, 0, 1, 1}
#define FAN_SPEED {ASI_FAN_ADJUST, 0, 100, 100}
#define POWER_LED {ASI_PWRLED_BRIGNT, 0, 100, 80}
#define ANTI_DEW {ASI_ANTI_DEW_HEATER, 0, 1, 0}
#define PATTERN_ADJUST {ASI_PATTERN_ADJUST, 0, 1, 0}
#define GPS(height)                                                          \
  {ASI_GPS_SUPPORT, 0, 1, 1}, {ASI_GPS_START_LINE, 0, height - 1, 0},        \
      {ASI_GPS_END_LINE, 0, height - 1, height - 1}, {ASI_ROLLING_INTERVAL, 0, 1000, 0}

#define MONO_FORMATS {ASI_IMG_RAW8, ASI_IMG_RAW16, ASI_IMG_END}
#define COLOUR_FORMATS {ASI_IMG_RAW8, ASI_IMG_RGB24, ASI_IMG_Y8, ASI_IMG_RAW16, ASI_IMG_END}

const struct model models[] = {
    {
        .name = "ZWO ASI2600MC Pro",
        .product_id = 0x2600,
        .width = 6248, .height = 4176, .pixel_um = 3.76,
        .colour = true, .bayer = ASI_BAYER_RG,
        .bins = {1, 2, 3, 4},
        .formats = {ASI_IMG_RAW8, ASI_IMG_RGB24, ASI_IMG_RAW16, ASI_IMG_Y8, ASI_IMG_END},
        .cooler = true, .usb3 = true, .serial_number = true,
        .block = 1, .bits = 16, .align_x = 4, .align_y = 2,
        .full_well = 50000, .gain_db = 0.1, .high_gain = 100,
        .read_noise = {{0, 3.3}, {99, 2.9}, {100, 1.5}, {400, 1.0}},
        .dark_current = 0.02, .quantum_efficiency = 0.8, .offset_step = 10,
        COUNTED(GAIN(700, 0), EXPOSURE(32, 2000), WHITE_BALANCE, OFFSET(240, 50), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(700), HARDWARE_BIN, HIGH_SPEED, MONO_BIN, TEMPERATURE, COOLER, FAN,
                ANTI_DEW),
    },
    {
        .name = "ZWO ASI6200MM Pro",
        .product_id = 0x6200,
        .width = 9576, .height = 6388, .pixel_um = 3.76,
        .bins = {1, 2, 3, 4}, .formats = MONO_FORMATS,
        .cooler = true, .usb3 = true, .serial_number = true,
        .block = 1, .bits = 16, .align_x = 1, .align_y = 1,
        .full_well = 51400, .gain_db = 0.1, .high_gain = 100,
        .read_noise = {{0, 3.5}, {99, 3.0}, {100, 1.5}, {400, 1.2}},
        .dark_current = 0.02, .quantum_efficiency = 0.91, .offset_step = 10,
        COUNTED(GAIN(700, 0), EXPOSURE(32, 2000), OFFSET(240, 50), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(700), HARDWARE_BIN, HIGH_SPEED, TEMPERATURE, COOLER, FAN, ANTI_DEW),
    },
    {
        .name = "ZWO ASI1600MM Pro",
        .product_id = 0x1603,
        .width = 4656, .height = 3520, .pixel_um = 3.8,
        .bins = {1, 2, 3, 4}, .formats = MONO_FORMATS,
        .cooler = true, .usb3 = true, .serial_number = true,
        .block = 1, .bits = 12, .align_x = 1, .align_y = 1,
        .full_well = 20000, .gain_db = 0.1,
        .read_noise = {{0, 3.6}, {75, 2.4}, {139, 1.7}, {300, 1.2}},
        .dark_current = 0.18, .quantum_efficiency = 0.6, .offset_step = 16,
        COUNTED(GAIN(600, 0), EXPOSURE(32, 2000), OFFSET(100, 50), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(600), HARDWARE_BIN, HIGH_SPEED, TEMPERATURE, COOLER, FAN,
                PATTERN_ADJUST, ANTI_DEW),
    },
    {
        .name = "ZWO ASI294MC Pro",
        .product_id = 0x2940,
        .width = 4144, .height = 2822, .pixel_um = 4.63,
        .colour = true, .bayer = ASI_BAYER_RG,
        .bins = {1, 2, 3, 4}, .formats = COLOUR_FORMATS,
        .cooler = true, .usb3 = true, .serial_number = true,
        .block = 1, .bits = 14, .align_x = 2, .align_y = 2,
        .full_well = 63700, .gain_db = 0.1, .high_gain = 120,
        .read_noise = {{0, 7.3}, {119, 6.0}, {120, 1.9}, {390, 1.2}},
        .dark_current = 0.07, .quantum_efficiency = 0.75, .offset_step = 64,
        COUNTED(GAIN(570, 0), EXPOSURE(32, 2000), WHITE_BALANCE, OFFSET(80, 10), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(570), HIGH_SPEED, MONO_BIN, TEMPERATURE, COOLER, FAN, ANTI_DEW),
    },
    {
        .name = "ZWO ASI290MM Mini",
        .product_id = 0x290f,
        .width = 1936, .height = 1096, .pixel_um = 2.9,
        .bins = {1, 2}, .formats = MONO_FORMATS,
        .st4 = true, .serial_number = true,
        .block = 1, .bits = 12, .align_x = 1, .align_y = 1,
        .full_well = 14600, .gain_db = 0.1, .high_gain = 60,
        .read_noise = {{0, 3.2}, {59, 2.9}, {60, 1.6}, {300, 1.0}},
        .dark_current = 0.3, .quantum_efficiency = 0.8, .offset_step = 16,
        COUNTED(GAIN(600, 0), EXPOSURE(32, 2000), OFFSET(400, 10), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(600), HARDWARE_BIN, HIGH_SPEED, TEMPERATURE),
    },
    {
        .name = "ZWO ASI178MC",
        .product_id = 0x178a,
        .width = 3096, .height = 2080, .pixel_um = 2.4,
        .colour = true, .bayer = ASI_BAYER_RG,
        .bins = {1, 2, 3, 4}, .formats = COLOUR_FORMATS,
        .st4 = true, .usb3 = true, .serial_number = true,
        .block = 1, .bits = 14, .align_x = 2, .align_y = 2,
        .full_well = 15000, .gain_db = 0.1,
        .read_noise = {{0, 2.2}, {100, 1.8}, {200, 1.5}, {400, 1.35}},
        .dark_current = 0.2, .quantum_efficiency = 0.81, .offset_step = 16,
        COUNTED(GAIN(510, 0), EXPOSURE(32, 2000), WHITE_BALANCE, OFFSET(600, 10), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(510), HIGH_SPEED, MONO_BIN, TEMPERATURE),
    },
    {
        .name = "ZWO ASI120MM",
        .product_id = 0x120a,
        .width = 1280, .height = 960, .pixel_um = 3.75,
        .bins = {1, 2}, .formats = MONO_FORMATS,
        .st4 = true,
        /* blocks of 1024 pixels: manual, 3.10 */
        .block = 1024, .bits = 12, .align_x = 1, .align_y = 1,
        .full_well = 13000, .gain_db = 0.3,
        .read_noise = {{0, 6.6}, {50, 4.3}, {75, 4.0}, {100, 4.0}},
        .dark_current = 1.0, .quantum_efficiency = 0.75, .offset_step = 16,
        COUNTED(GAIN(100, 50), EXPOSURE(64, 1000), GAMMA, OFFSET(20, 8), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(100), HIGH_SPEED, TEMPERATURE),
    },
    {
        .name = "ZWO ASI120MM-S",
        .product_id = 0x120d,
        .width = 1280, .height = 960, .pixel_um = 3.75,
        .bins = {1, 2}, .formats = MONO_FORMATS,
        .st4 = true, .usb3 = true, .serial_number = true,
        .block = 1, .bits = 12, .align_x = 1, .align_y = 1,
        .full_well = 13000, .gain_db = 0.3,
        .read_noise = {{0, 6.6}, {50, 4.3}, {75, 4.0}, {100, 4.0}},
        .dark_current = 1.0, .quantum_efficiency = 0.75, .offset_step = 16,
        COUNTED(GAIN(100, 50), EXPOSURE(64, 1000), GAMMA, OFFSET(20, 8), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(100), HIGH_SPEED, TEMPERATURE),
    },
    {
        /* No such product: a sensor of the ASI174MM with the trigger port and the GPS receiver that
           exist only in cameras made to order, and with the controls of the newest bodies. */
        .name = "ZWO ASI174MM Trigger",
        .product_id = 0x174f,
        .width = 1936, .height = 1216, .pixel_um = 5.86,
        .bins = {1, 2}, .formats = MONO_FORMATS,
        .st4 = true, .usb3 = true, .trigger = true, .gps = true, .serial_number = true,
        .block = 1, .bits = 12, .align_x = 1, .align_y = 1,
        .full_well = 32400, .gain_db = 0.1,
        .read_noise = {{0, 6.0}, {100, 4.5}, {200, 3.8}, {400, 3.5}},
        .dark_current = 0.4, .quantum_efficiency = 0.77, .offset_step = 16,
        COUNTED(GAIN(400, 0), EXPOSURE(32, 2000), OFFSET(240, 10), BANDWIDTH, FLIP,
                AUTO_EXPOSURE(400), HARDWARE_BIN, HIGH_SPEED, TEMPERATURE, FAN_SPEED, POWER_LED,
                GPS(1216)),
    },
};

const int model_count = sizeof models / sizeof models[0];

int model_find(const char *name) {
  const char brand[] = "ZWO ";
  if (strncmp(name, brand, strlen(brand)) == 0) name += strlen(brand);
  for (int i = 0; i < model_count; i++)
    if (strcmp(models[i].name + strlen(brand), name) == 0) return i;
  return -1;
}

const struct control *model_control(const struct model *model, ASI_CONTROL_TYPE type) {
  for (int i = 0; i < model->control_count; i++)
    if (model->controls[i].type == type) return &model->controls[i];
  return NULL;
}
