#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "sky.h"

/** Changes with the size of what is shared, so that files of other builds are recognised. */
#define LAYOUT (UINT32_C(0x41530000) + (uint32_t)sizeof(struct state))

static struct state *world;
static int world_file = -1;

/*
 * Locks of the open file, by byte: the kernel drops them when the process ends in whatever way,
 * before its parent has noticed. Byte 0 guards the making of the world, the others are plugs.
 */
static bool lock_byte(int file, int command, short type, off_t byte, struct flock *found) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  int result;
  while ((result = fcntl(file, command, &lock)) == -1 && errno == EINTR)
    ;
  if (found) *found = lock;
  return result == 0;
}

static void add_cameras(struct state *state) {
  char names[sizeof state->settings.cameras];
  memcpy(names, state->settings.cameras, sizeof names);
  char *rest = names;
  for (char *name; (name = strsep(&rest, ","));) {
    name += strspn(name, " ");
    if (!*name) continue;
    int model = model_find(name);
    if (model >= 0) {
      if (state_add(state, model) < 0)
        fprintf(stderr, "asi-sim: ASI_SIM_CAMERAS has more than %d cameras\n", CAMERAS_MAX);
      continue;
    }
    fprintf(stderr, "asi-sim: there is no camera model \"%s\" in ASI_SIM_CAMERAS; there are:\n",
            name);
    for (int i = 0; i < model_count; i++) fprintf(stderr, "  %s\n", models[i].name);
    state->camera_count = 0;
    return;
  }
}

static void make_world(struct state *state) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&state->lock, &attributes);
  settings_read(&state->settings);
  sky_check(state->settings.sky);
  mount_init(&state->mount, clock_now(), state->settings.drift_ra, state->settings.drift_dec);
  add_cameras(state);
  state->layout = LAYOUT;
}

static struct state *map_world(int file) {
  if (file < 0 || !lock_byte(file, F_OFD_SETLKW, F_WRLCK, 0, NULL)) return NULL;
  struct stat status;
  bool fresh = fstat(file, &status) == 0 && status.st_size == 0;
  void *memory = MAP_FAILED;
  if (!fresh || ftruncate(file, sizeof(struct state)) == 0)
    if (fresh || status.st_size == sizeof(struct state))
      memory = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  struct state *state = memory == MAP_FAILED ? NULL : memory;
  if (state && fresh) make_world(state);
  lock_byte(file, F_OFD_SETLK, F_UNLCK, 0, NULL);
  return state && state->layout == LAYOUT ? state : NULL;
}

static void enter_world(void) {
  const char *path = getenv("ASI_SIM_STATE");
  if (path && *path) {
    world_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    world = map_world(world_file);
    if (world) return;
    fprintf(stderr, "asi-sim: %s cannot be the state of this simulator; it keeps its own\n", path);
  }
  world_file = memfd_create("asi-sim", MFD_CLOEXEC);
  world = map_world(world_file);
  if (world) return;
  fprintf(stderr, "asi-sim: there is no memory for the simulated cameras\n");
  abort();
}

struct state *state_get(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, enter_world);
  return world;
}

struct state *state_lock(void) {
  struct state *state = state_get();
  if (pthread_mutex_lock(&state->lock) == EOWNERDEAD) pthread_mutex_consistent(&state->lock);
  return state;
}

void state_unlock(void) { pthread_mutex_unlock(&world->lock); }

bool state_claim(unsigned plug) {
  return lock_byte(world_file, F_OFD_SETLK, F_WRLCK, plug, NULL);
}

void state_release(unsigned plug) { lock_byte(world_file, F_OFD_SETLK, F_UNLCK, plug, NULL); }

bool state_is_claimed(unsigned plug) {
  struct flock found;
  return lock_byte(world_file, F_OFD_GETLK, F_WRLCK, plug, &found) && found.l_type != F_UNLCK;
}

int state_add(struct state *state, int model) {
  if (state->camera_count == CAMERAS_MAX) return -1;
  int camera = state->camera_count, ordinal = 1;
  for (int i = 0; i < camera; i++) ordinal += state->cameras[i].model == model;
  state->cameras[camera] = (struct hardware){.model = model, .ordinal = ordinal};
  state->camera_count++;
  state_plug(state, camera, true);
  return camera;
}

static void steer_mount(struct state *state) {
  bool on[4] = {false};
  for (int i = 0; i < state->camera_count; i++)
    for (int direction = 0; direction < 4; direction++)
      on[direction] |= state->cameras[i].relays[direction];
  const struct settings *settings = &state->settings;
  int east = on[ASI_GUIDE_EAST] - on[ASI_GUIDE_WEST];
  int north = on[ASI_GUIDE_NORTH] - on[ASI_GUIDE_SOUTH];
  mount_move(&state->mount, clock_now(), settings->drift_ra + east * settings->guide_rate,
             settings->drift_dec + north * settings->guide_rate);
}

void state_plug(struct state *state, int camera, bool plugged) {
  struct hardware *hardware = &state->cameras[camera];
  if (hardware->plugged == plugged) return;
  hardware->plugged = plugged;
  memset(hardware->relays, 0, sizeof hardware->relays);
  steer_mount(state);
  if (!plugged) return;
  hardware->plug = ++state->plugs;
  hardware->cooler = cooler_at(state->settings.ambient, clock_now());
}

void state_switch_relay(struct state *state, int camera, ASI_GUIDE_DIRECTION direction, bool on) {
  if (state->cameras[camera].relays[direction] == on) return;
  state->cameras[camera].relays[direction] = on;
  steer_mount(state);
}

struct cooler *state_cooler(struct state *state, int camera) {
  struct cooler *cooler = &state->cameras[camera].cooler;
  cooler_update(cooler, state->settings.ambient, state->settings.cooler_seconds, clock_now());
  return cooler;
}
