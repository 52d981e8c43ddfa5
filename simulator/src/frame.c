#include "frame.h"

#include "pattern.h"
#include "picture.h"
#include "state.h"

void frame_render(const struct frame *frame, unsigned char *buffer) {
  if (state_get()->settings.pattern)
    pattern_render(frame, buffer);
  else
    picture_render(frame, buffer);
}
