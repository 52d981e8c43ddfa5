/* The command that steers simulated cameras from a shell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ASISimulator.h"
#include "state.h"

static const char help[] =
    "Steers the simulated cameras of a state file.\n"
    "\n"
    "  asi-sim [--state FILE] COMMAND [--camera N]\n"
    "\n"
    "  status                     the cameras, what they are doing and what was ordered\n"
    "  models                     the models there are\n"
    "  add MODEL                  one more camera, plugged in\n"
    "  unplug | plug              the cable of a camera\n"
    "  fail FUNCTION CODE [TIMES] calls return an error code and do nothing\n"
    "  hang FUNCTION MS [TIMES]   calls take so much longer\n"
    "  crash FUNCTION [TIMES]     calls end their process with abort()\n"
    "  print FUNCTION             a call prints a line to stdout\n"
    "  garble FUNCTION BYTE [TIMES] what calls find out is nonsense: bytes such as 0, 127, 255\n"
    "  exposure-fail [TIMES]      exposures end as failed\n"
    "  exposure-stuck [TIMES]     exposures never end until they are stopped\n"
    "  clear                      forgets the faults that have not happened yet\n"
    "\n"
    "  --state FILE  the state file, otherwise ASI_SIM_STATE; it is made if it is not there\n"
    "  --camera N    a camera's number as status shows it, otherwise all or whichever\n"
    "\n"
    "FUNCTION is a name such as ASIStartExposure, or * for any; ASIGetExpStatus+3 lets three calls\n"
    "pass first. TIMES is 1 unless given. CODE is a number of ASI_ERROR_CODE, for example 11\n"
    "timeout, 16 general error.\n"
    "Exit codes: 0 done, 1 no such camera, model or room, 2 wrong use.\n";

/** What stands on the command line. */
struct order {
  int camera;
  int count;
  const char *words[4];
};

static int number(const struct order *order, int place, int otherwise) {
  return place < order->count ? atoi(order->words[place]) : otherwise;
}

static int show_status(const struct order *order) {
  (void)order;
  struct state *state = state_lock();
  printf("camera  model                    plugged  open by  frames  "
         "temp/C  target  cooler  power/%%  ST4\n");
  for (int i = 0; i < state->camera_count; i++) {
    const struct hardware *camera = &state->cameras[i];
    const struct cooler *cooler = state_cooler(state, i);
    char owner[16] = "-", relays[5] = "----";
    if (state_is_claimed(camera->plug)) snprintf(owner, sizeof owner, "%d", camera->owner);
    for (int direction = 0; direction < 4; direction++)
      if (camera->relays[direction]) relays[direction] = "NSEW"[direction];
    printf("%6d  %-23s  %-7s  %7s  %6u  %6.1f  %6d  %-6s  %7.0f  %s\n", i,
           models[camera->model].name, camera->plugged ? "yes" : "no", owner, camera->frames,
           cooler->temperature, cooler->target, cooler->on ? "on" : "off", cooler->power, relays);
  }
  static const char *const kinds[] = {"fail", "hang", "crash", "print", "garble",
                                      "exposure-fail", "exposure-stuck"};
  for (int i = 0; i < FAULTS_MAX; i++) {
    const struct fault *fault = &state->faults.list[i];
    if (fault->times > 0)
      printf("ordered: %s %s value %d, camera %d, %d times\n", kinds[fault->kind], fault->function,
             fault->value, fault->camera, fault->times);
  }
  state_unlock();
  return 0;
}

static int show_models(const struct order *order) {
  (void)order;
  for (int i = 0; i < model_count; i++)
    printf("%-22s %5d x %-5d %s%s%s%s%s\n", models[i].name, models[i].width, models[i].height,
           models[i].colour ? "colour" : "mono", models[i].cooler ? ", cooled" : "",
           models[i].st4 ? ", ST4" : "", models[i].usb3 ? ", USB 3" : ", USB 2",
           models[i].trigger ? ", trigger" : "");
  return 0;
}

static int add(const struct order *order) {
  int camera = SimAdd(order->words[0]);
  if (camera < 0) fprintf(stderr, "asi-sim: no such model or no room; see asi-sim models\n");
  return camera < 0 ? -1 : 0;
}
static int unplug(const struct order *order) { return SimUnplug(order->camera); }
static int plug(const struct order *order) { return SimPlug(order->camera); }
static int fail(const struct order *order) {
  return SimFail(order->camera, order->words[0], number(order, 1, 0), number(order, 2, 1));
}
static int hang(const struct order *order) {
  return SimHang(order->camera, order->words[0], number(order, 1, 0), number(order, 2, 1));
}
static int crash(const struct order *order) {
  return SimCrash(order->camera, order->words[0], number(order, 1, 1));
}
static int print(const struct order *order) { return SimPrint(order->camera, order->words[0]); }
static int garble(const struct order *order) {
  return SimGarble(order->camera, order->words[0], number(order, 1, 0), number(order, 2, 1));
}
static int exposure_fail(const struct order *order) {
  return SimExposureFail(order->camera, number(order, 0, 1));
}
static int exposure_stuck(const struct order *order) {
  return SimExposureStuck(order->camera, number(order, 0, 1));
}
static int clear(const struct order *order) {
  (void)order;
  return SimClear();
}

static const struct command {
  const char *name;
  int least, most; /* words after it */
  int (*run)(const struct order *order);
} commands[] = {
    {"status", 0, 0, show_status},       {"models", 0, 0, show_models},
    {"add", 1, 1, add},                  {"unplug", 0, 0, unplug},
    {"plug", 0, 0, plug},                {"fail", 2, 3, fail},
    {"hang", 2, 3, hang},                {"crash", 1, 2, crash},
    {"print", 1, 1, print},              {"garble", 2, 3, garble},
    {"exposure-fail", 0, 1, exposure_fail}, {"exposure-stuck", 0, 1, exposure_stuck},
    {"clear", 0, 0, clear},
};

static int wrong(const char *what, const char *word) {
  fprintf(stderr, "asi-sim: %s%s; see asi-sim --help\n", what, word);
  return 2;
}

static int run(const char *name, const struct order *order) {
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    const struct command *command = &commands[i];
    if (strcmp(command->name, name) != 0) continue;
    if (order->count < command->least || order->count > command->most)
      return wrong("wrong number of words after ", name);
    if (command->run(order) == 0) return 0;
    fprintf(stderr, "asi-sim: no camera %d, or too many faults ordered\n", order->camera);
    return 1;
  }
  return wrong("no command ", name);
}

int main(int argc, char **argv) {
  struct order order = {.camera = -1};
  const char *command = NULL;
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    if (strcmp(word, "--help") == 0) return fputs(help, stdout) < 0;
    bool is_option = strcmp(word, "--state") == 0 || strcmp(word, "--camera") == 0;
    if (is_option && i + 1 == argc) return wrong("a value is missing after ", word);
    if (strcmp(word, "--state") == 0)
      setenv("ASI_SIM_STATE", argv[++i], 1);
    else if (strcmp(word, "--camera") == 0)
      order.camera = atoi(argv[++i]);
    else if (!command)
      command = word;
    else if (order.count == 4)
      return wrong("too many words: ", word);
    else
      order.words[order.count++] = word;
  }
  if (!command) return wrong("no command", "");
  if (!getenv("ASI_SIM_STATE") && strcmp(command, "models") != 0)
    return wrong("no state file: --state or ASI_SIM_STATE", "");
  return run(command, &order);
}
