// Buffers on their way to the host: what is to be read together is gathered in one piece of the host's memory.
#include "kernel.cuh"

// One buffer: where it lies, where it goes, and how many words of four bytes it has.
struct Piece {
  const unsigned* from;
  long long to;
  long long words;
};

// A row of blocks for a piece.
KERNEL gather(const Piece* pieces, unsigned* host) {
  Piece piece = pieces[blockIdx.y];
  FOR_EACH(i, piece.words) host[piece.to + i] = piece.from[i];
}
