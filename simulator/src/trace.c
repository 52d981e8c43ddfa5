#include "trace.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

static int file = -1;

static void open_trace(void) {
  const char *path = state_get()->settings.trace;
  if (!*path) return;
  file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) fprintf(stderr, "asi-sim: the trace %s cannot be written\n", path);
}

bool trace_is_on(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_trace);
  return file >= 0;
}

void trace_write(const struct call *call, const char *result) {
  if (!trace_is_on()) return;
  char line[512], camera[16] = "-";
  if (call->number >= 0) snprintf(camera, sizeof camera, "%d", call->number);
  int length = snprintf(line, sizeof line, "%lld.%09lld %lld %d %s %s%s%s = %s\n",
                        (long long)(call->entered / SECOND), (long long)(call->entered % SECOND),
                        (long long)((clock_now() - call->entered) / MICROSECOND), (int)getpid(),
                        camera, call->function, *call->arguments ? " " : "", call->arguments,
                        result);
  /* One write, so that lines of several processes do not mix. */
  if (write(file, line, length) != length) file = -1;
}
