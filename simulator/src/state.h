#ifndef STATE_H
#define STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "cooler.h"
#include "fault.h"
#include "model.h"
#include "mount.h"
#include "settings.h"

#define CAMERAS_MAX 16

/** A camera as hardware: what it is and does whichever process uses it. */
struct hardware {
  int model;
  int ordinal;   /* tells cameras of one model apart, from 1 */
  bool plugged;
  unsigned plug; /* from 1, a new one each time any camera is plugged in */
  int owner;     /* pid of the process that opened it last */
  bool relays[4]; /* ST4 lines, by ASI_GUIDE_DIRECTION */
  unsigned char flash_id[8];
  struct cooler cooler;
  uint32_t frames; /* delivered so far */
};

/** The simulated world, shared by all processes that name the same ASI_SIM_STATE. */
struct state {
  uint32_t layout;
  pthread_mutex_t lock;
  struct settings settings;
  struct faults faults;
  unsigned plugs;
  int camera_count;
  struct hardware cameras[CAMERAS_MAX];
  struct mount mount;
};

/** The world: mapped, and made if this is the first process to look at it. */
struct state *state_get(void);

/** Takes the lock; held for microseconds only, and freed by the kernel when its holder dies. */
struct state *state_lock(void);
void state_unlock(void);

/**
 * Makes this process the one that has a camera open, false if another one has; a camera is named by
 * `hardware.plug`, so that one plugged in anew is free whoever still holds its dead handle.
 */
bool state_claim(unsigned plug);
void state_release(unsigned plug);
/** Whether another process has a camera open. A dead process has not. */
bool state_is_claimed(unsigned plug);

/** Adds a camera of a model and returns its number, -1 if there is no room. Wants the lock. */
int state_add(struct state *state, int model);

/** Plugs a camera in or pulls it out, with what that does to relays and cooler. Wants the lock. */
void state_plug(struct state *state, int camera, bool plugged);

/** Switches a relay and moves the mount accordingly. Wants the lock. */
void state_switch_relay(struct state *state, int camera, ASI_GUIDE_DIRECTION direction, bool on);

/** The cooler of a camera, brought up to now. Wants the lock. */
struct cooler *state_cooler(struct state *state, int camera);

#endif
