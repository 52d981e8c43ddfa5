#include "mount.h"

#include "clock.h"

static struct stretch continued(const struct stretch *stretch, int64_t when) {
  struct stretch next = *stretch;
  double seconds = (double)(when - stretch->since) / SECOND;
  next.since = when;
  for (int axis = 0; axis < 2; axis++) {
    next.offset[axis] += stretch->rate[axis] * seconds;
    next.area[axis] += (stretch->offset[axis] + next.offset[axis]) / 2 * seconds;
  }
  return next;
}

/** The movement at a time; before what is remembered, the oldest that is. */
static struct stretch movement_at(const struct mount *mount, int64_t when) {
  unsigned last = mount->stretches - 1;
  unsigned oldest = mount->stretches > MOUNT_STRETCHES ? mount->stretches - MOUNT_STRETCHES : 0;
  while (last > oldest && mount->history[last % MOUNT_STRETCHES].since > when) last--;
  return continued(&mount->history[last % MOUNT_STRETCHES], when);
}

static void push(struct mount *mount, struct stretch stretch) {
  mount->history[mount->stretches++ % MOUNT_STRETCHES] = stretch;
}

void mount_init(struct mount *mount, int64_t now, double east, double north) {
  mount->stretches = 0;
  push(mount, (struct stretch){.since = now, .rate = {[EAST] = east, [NORTH] = north}});
}

void mount_move(struct mount *mount, int64_t now, double east, double north) {
  struct stretch next = movement_at(mount, now);
  next.rate[EAST] = east;
  next.rate[NORTH] = north;
  push(mount, next);
}

void mount_mean(const struct mount *mount, int64_t from, int64_t to, double offset[2]) {
  struct stretch first = movement_at(mount, from), last = movement_at(mount, to);
  double seconds = (double)(to - from) / SECOND;
  for (int axis = 0; axis < 2; axis++)
    offset[axis] = to > from ? (last.area[axis] - first.area[axis]) / seconds : last.offset[axis];
}
