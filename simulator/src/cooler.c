#include "cooler.h"

#include <math.h>

#include "clock.h"

/** Degrees below ambient at full power: what the vendor promises for its two-stage coolers. */
#define REACH 40.0
/** Percent of power for each degree above the target, beside what holding the target needs. */
#define PROPORTION 25.0

struct cooler cooler_at(double ambient, int64_t now) {
  return (struct cooler){.updated = now, .temperature = ambient};
}

static double wanted_power(const struct cooler *cooler, double ambient) {
  if (!cooler->on) return 0;
  double holding = (ambient - cooler->target) / REACH * 100;
  return fmin(100, fmax(0, holding + PROPORTION * (cooler->temperature - cooler->target)));
}

void cooler_update(struct cooler *cooler, double ambient, double seconds, int64_t now) {
  double left = (double)(now - cooler->updated) / SECOND;
  if (left < 0) left = 0;
  cooler->updated = now;
  /* The controller shortens the time constant near the target, so steps are a small part of it.
     After 20 time constants nothing moves any more. */
  double step = seconds / 100;
  for (left = fmin(left, 20 * seconds); left > 0; left -= step) {
    double level = ambient - REACH * wanted_power(cooler, ambient) / 100;
    cooler->temperature += (level - cooler->temperature) * (1 - exp(-fmin(step, left) / seconds));
  }
  cooler->power = wanted_power(cooler, ambient);
}
