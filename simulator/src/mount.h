#ifndef MOUNT_H
#define MOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "ASICamera2.h"

#define MOUNT_STRETCHES 1024

enum { EAST, NORTH };

/** A time during which the mount moved evenly: offsets in arcsec, rates in arcsec/s. */
struct stretch {
  int64_t since;
  double offset[2];
  double rate[2];
  double area[2]; /* integral of the offset over time up to `since`, arcsec s */
};

/** The mount all cameras sit on, with the last of its movements. */
struct mount {
  unsigned stretches;
  struct stretch history[MOUNT_STRETCHES];
};

/** A mount at rest except for its drift. */
void mount_init(struct mount *mount, int64_t now, double east, double north);

/** Goes on from `now` with other rates in arcsec/s. */
void mount_move(struct mount *mount, int64_t now, double east, double north);

/** The mean offset from the first pointing between two times that are not in the future, arcsec. */
void mount_mean(const struct mount *mount, int64_t from, int64_t to, double offset[2]);

#endif
