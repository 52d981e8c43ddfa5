#include "control.h"

#include <stdio.h>
#include <string.h>

/** What is the same for a control on all models. */
static const struct kind {
  const char *name, *description;
  bool automatic, read_only;
} kinds[] = {
    [ASI_GAIN] = {"Gain", "Gain", true, false},
    [ASI_EXPOSURE] = {"Exposure", "Exposure time (us)", true, false},
    [ASI_GAMMA] = {"Gamma", "Gamma", false, false},
    [ASI_WB_R] = {"WB_R", "White balance, red", true, false},
    [ASI_WB_B] = {"WB_B", "White balance, blue", true, false},
    [ASI_OFFSET] = {"Offset", "Offset", false, false},
    [ASI_BANDWIDTHOVERLOAD] = {"BandWidth", "Share of the USB bandwidth (%)", true, false},
    [ASI_TEMPERATURE] = {"Temperature", "Sensor temperature (0.1 degrees C)", false, true},
    [ASI_FLIP] = {"Flip", "0 none, 1 horizontal, 2 vertical, 3 both", false, false},
    [ASI_AUTO_MAX_GAIN] = {"AutoExpMaxGain", "Highest gain of auto exposure", false, false},
    [ASI_AUTO_MAX_EXP] = {"AutoExpMaxExpMS", "Longest time of auto exposure (ms)", false, false},
    [ASI_AUTO_TARGET_BRIGHTNESS] = {"AutoExpTargetBrightness", "Brightness auto exposure aims at",
                                    false, false},
    [ASI_HARDWARE_BIN] = {"HardwareBin", "Binning in the sensor", false, false},
    [ASI_HIGH_SPEED_MODE] = {"HighSpeedMode", "Faster conversion with fewer bits", false, false},
    [ASI_COOLER_POWER_PERC] = {"CoolPowerPerc", "Cooler power (%)", false, true},
    [ASI_TARGET_TEMP] = {"TargetTemp", "Target temperature (degrees C)", false, false},
    [ASI_COOLER_ON] = {"CoolerOn", "Cooler on", false, false},
    [ASI_MONO_BIN] = {"MonoBin", "Binning across colours", false, false},
    [ASI_FAN_ON] = {"FanOn", "Fan on", false, false},
    [ASI_PATTERN_ADJUST] = {"PatternAdjust", "Pattern adjustment", false, false},
    [ASI_ANTI_DEW_HEATER] = {"AntiDewHeater", "Window heater on", false, false},
    [ASI_FAN_ADJUST] = {"FanAdjust", "Speed of the fan (%)", false, false},
    [ASI_PWRLED_BRIGNT] = {"PowerLed", "Brightness of the power LED (%)", false, false},
    [ASI_GPS_SUPPORT] = {"GPS", "GPS receiver present", false, true},
    [ASI_GPS_START_LINE] = {"GPSStartLine", "Line of the first GPS time", false, false},
    [ASI_GPS_END_LINE] = {"GPSEndLine", "Line of the second GPS time", false, false},
    [ASI_ROLLING_INTERVAL] = {"RollingInterval", "Time between lines (us)", false, false},
};

void control_describe(const struct control *control, ASI_CONTROL_CAPS *caps) {
  const struct kind *kind = &kinds[control->type];
  memset(caps, 0, sizeof *caps);
  snprintf(caps->Name, sizeof caps->Name, "%s", kind->name);
  snprintf(caps->Description, sizeof caps->Description, "%s", kind->description);
  caps->MaxValue = control->max;
  caps->MinValue = control->min;
  caps->DefaultValue = control->initial;
  caps->IsAutoSupported = kind->automatic;
  caps->IsWritable = !kind->read_only;
  caps->ControlType = control->type;
}

bool control_is_writable(ASI_CONTROL_TYPE type) { return !kinds[type].read_only; }

bool control_has_auto(ASI_CONTROL_TYPE type) { return kinds[type].automatic; }

long control_clamp(const struct control *control, long value) {
  if (value < control->min) return control->min;
  return value > control->max ? control->max : value;
}
