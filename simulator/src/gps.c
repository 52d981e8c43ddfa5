#include "gps.h"

#include <pthread.h>
#include <time.h>

#include "clock.h"

/** The old observatory of Greenwich, where nobody will mistake it for a place of their own. */
static const ASI_GPS_DATA place = {
    .Latitude = 51.47783, .Longitude = -0.00147, .Altitude = 468, .SatelliteNum = 9};

/** What the clock on the wall is ahead of clock_now. */
static int64_t ahead;

/* Once: it never comes out the same twice, and the time of a line must whenever it is asked for. */
static void compare_clocks(void) {
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  ahead = wall.tv_sec * SECOND + wall.tv_nsec - clock_now();
}

/** What the clock on the wall showed at a time of clock_now. */
static int64_t universal_time(int64_t when) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, compare_clocks);
  return when + ahead;
}

static ASI_DATE_TIME date_time(int64_t when) {
  time_t seconds = when / SECOND;
  int64_t rest = when % SECOND;
  struct tm date;
  gmtime_r(&seconds, &date);
  return (ASI_DATE_TIME){
      .Year = date.tm_year + 1900,
      .Month = date.tm_mon + 1,
      .Day = date.tm_mday,
      .Hour = date.tm_hour,
      .Minute = date.tm_min,
      .Second = date.tm_sec,
      .Msecond = rest / MILLISECOND,
      .Usecond = rest % MILLISECOND / 100, /* units of 0.1 us */
  };
}

ASI_ERROR_CODE gps_read(const struct camera *camera, ASI_CONTROL_TYPE line, ASI_GPS_DATA *data) {
  if (!camera->model->gps) return ASI_ERROR_GPS_NOT_SUPPORTED;
  if (!camera->capture.any) return ASI_ERROR_GPS_DATA_INVALID;
  int64_t delay = camera->values[line] * camera->values[ASI_ROLLING_INTERVAL] * MICROSECOND;
  *data = place;
  data->Datetime = date_time(universal_time(camera->capture.last.start + delay));
  return ASI_SUCCESS;
}
