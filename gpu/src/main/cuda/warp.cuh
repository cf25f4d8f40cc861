// The threads of a warp, which exchange numbers without memory.
#pragma once

#define WARP 32
#define WARPS (THREADS / WARP)
#define ALL_LANES 0xffffffffu
