#include "fault.h"

#include <string.h>

bool fault_order(struct faults *faults, struct fault fault) {
  if (fault.times <= 0) return true;
  for (int i = 0; i < FAULTS_MAX; i++) {
    if (faults->list[i].times > 0) continue;
    faults->list[i] = fault;
    faults->pending++;
    return true;
  }
  return false;
}

static bool fits(const struct fault *fault, enum fault_kind kind, int camera,
                 const char *function) {
  return fault->times > 0 && fault->kind == kind &&
         (fault->camera == -1 || fault->camera == camera) &&
         (strcmp(fault->function, "*") == 0 || strcmp(fault->function, function) == 0);
}

bool fault_take(struct faults *faults, enum fault_kind kind, int camera, const char *function,
                int *value) {
  for (int i = 0; i < FAULTS_MAX; i++) {
    struct fault *fault = &faults->list[i];
    if (!fits(fault, kind, camera, function)) continue;
    if (fault->after > 0) {
      fault->after--;
      continue;
    }
    *value = fault->value;
    if (--fault->times == 0) faults->pending--;
    return true;
  }
  return false;
}

void fault_clear(struct faults *faults) {
  memset(faults->list, 0, sizeof faults->list);
  faults->pending = 0;
}
