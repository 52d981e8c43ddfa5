#ifndef COOLER_H
#define COOLER_H

#include <stdbool.h>
#include <stdint.h>

/** The sensor's temperature and what works on it. */
struct cooler {
  int64_t updated;
  double temperature; /* degrees C */
  double power;       /* percent */
  int target;         /* degrees C */
  bool on;
};

/** A sensor that has taken the ambient temperature. */
struct cooler cooler_at(double ambient, int64_t now);

/**
 * Moves the temperature on to `now`: the sensor follows ambient minus 40 degrees times the power
 * with a time constant of `seconds`; a proportional controller chooses the power.
 */
void cooler_update(struct cooler *cooler, double ambient, double seconds, int64_t now);

#endif
