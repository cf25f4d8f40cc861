// Learning of a linear model from the rows of a micro-batch one after the other: each is predicted with what those before it have
// taught. Rows cannot be learned side by side, so one block of threads shares the columns of a row.
#include "control.cuh"
#include "kernel.cuh"
#include "warp.cuh"

// How many doubles of what lies between operands fit into shared memory.
#define SMALL 4096

enum InputKind { NUMBERS, CATEGORY, BAG };
enum LossKind { LOGISTIC, SOFTMAX, SQUARED, ABSOLUTE, HUBER, POISSON };
enum RowSum { ROW_GRADIENT, ROW_CLIPPED, ROW_UPDATE, ROW_REFUSED, ROW_SUMS };

// A part of the input: numbers or a table, ids and offsets where it has them.
struct RowInput {
  float* values;
  const int* ids;
  const int* offsets;
  int kind;
  int width;
  int mean;
  int rows;
  int capacity;
  int padding;
};

struct Model {
  int rows;
  int outputs;
  int width;
  int inputs;
  int parameters;
  int loss;
  double delta;
  double weightDecay;
  double maxNorm;
};

// A loss of outputs, which become predictions, and the slopes it leaves.
__device__ inline double row_loss(const Model& model, double* z, double label, double* slopes, Fault* fault) {
  switch (model.loss) {
    case LOGISTIC: {
      double x = z[0];
      double share = exp(-fabs(x));
      double rest = 1 - label;
      double error = (x >= 0 ? rest - label * share : rest * share - label) / (1 + share);
      z[0] = (x >= 0 ? 1 : share) / (1 + share);
      slopes[0] = fabs(error) < 1e-25 ? 0 : error;
      return (x > 0 || x != x ? x : 0) - x * label + log1p(share);
    }
    case SOFTMAX: {
      double highest = -INFINITY;
      for (int k = 0; k < model.outputs; k++) {
        highest = z[k] > highest || z[k] != z[k] ? z[k] : highest;
      }
      double sum = 0;
      for (int k = 0; k < model.outputs; k++) {
        sum += exp(z[k] - highest);
      }
      int target = checked((int)label, model.outputs, FAULT_CLASS, fault);
      double loss = highest + log(sum) - z[target];
      for (int k = 0; k < model.outputs; k++) {
        z[k] = exp(z[k] - highest) / sum;
        slopes[k] = z[k] - (k == target ? 1 : 0);
      }
      return loss;
    }
    case SQUARED: {
      double distance = z[0] - label;
      slopes[0] = 2 * distance;
      return distance * distance;
    }
    case ABSOLUTE: {
      double distance = z[0] - label;
      slopes[0] = distance > 0 ? 1 : distance < 0 ? -1 : distance;
      return fabs(distance);
    }
    case HUBER: {
      double distance = z[0] - label;
      double size = fabs(distance);
      slopes[0] = distance > model.delta ? model.delta : distance < -model.delta ? -model.delta : distance;
      return size <= model.delta ? distance * distance / 2 : model.delta * (size - model.delta / 2);
    }
    default: {
      double x = z[0];
      z[0] = exp(x);
      slopes[0] = z[0] - label;
      return z[0] - label * x;
    }
  }
}

__device__ inline bool is_float(double x) { return fabs(x) <= LARGEST_FLOAT; }

// Where a bag begins and ends; none where it reaches beyond its numbers.
__device__ inline void row_bag(const RowInput& input, int row, int* from, int* to, Fault* fault) {
  *from = input.offsets[row];
  *to = input.offsets[row + 1];
  if (*from < 0 || *to < *from || *to > input.capacity) {
    report(fault, FAULT_BAG, *to, input.capacity);
    *to = *from = 0;
  }
}

__device__ inline double row_share(const RowInput& input, int from, int to) {
  return input.mean ? 1.0 / (to - from) : 1.0;
}

// The sum of a number of each lane of a warp, for all of them.
__device__ inline double summed_by_warp(double mine) {
  for (int by = WARP / 2; by > 0; by /= 2) {
    mine += __shfl_xor_sync(ALL_LANES, mine, by);
  }
  return mine;
}

// The sum of a number of each thread of a block, for all of them.
__device__ inline double summed(double mine, double* shared) {
  mine = summed_by_warp(mine);
  __syncthreads();
  if (threadIdx.x % WARP == 0) {
    shared[threadIdx.x / WARP] = mine;
  }
  __syncthreads();
  double sum = 0;
  for (int warp = 0; warp < WARPS; warp++) {
    sum += shared[warp];
  }
  return sum;
}

// Runs what follows for every column of an input that begins at a column of x. Each column of x has its thread, so that threads take
// narrow inputs side by side.
#define FOR_EACH_COLUMN(column, at, width) \
  for (int column = (threadIdx.x + THREADS - (at) % THREADS) % THREADS; column < (width); column += THREADS)

// How many pairs of numbers in a bag are equal, those of a number with itself among them. One warp.
__device__ inline double equal_pairs(const int* ids, int from, int to) {
  double equal = 0;
  for (int i = from + threadIdx.x % WARP; i < to; i += WARP) {
    for (int j = from; j < to; j++) {
      equal += ids[i] == ids[j];
    }
  }
  return summed_by_warp(equal);
}

// Σ² of one row: of the gradient of each table, and behind them of x. A warp takes every eighth.
__device__ inline void row_squares(
    const Model& model, const RowInput* inputs, int row, const double* x, const double* gradient, double* squares,
    Fault* fault) {
  int lane = threadIdx.x % WARP;
  int turn = threadIdx.x / WARP;
  int table = 0;
  int at = 0;
  for (int n = 0; n < model.inputs; n++) {
    RowInput input = inputs[n];
    if (input.kind != NUMBERS) {
      if (table % WARPS == turn) {
        double square = 0;
        for (int column = lane; column < input.width; column += WARP) {
          square += gradient[at + column] * gradient[at + column];
        }
        square = summed_by_warp(square);
        if (input.kind == BAG) {
          int from, to;
          row_bag(input, row, &from, &to, fault);
          double share = from == to ? 0 : row_share(input, from, to);
          square *= equal_pairs(input.ids, from, to) * share * share;
        }
        if (lane == 0) {
          squares[table] = square;
        }
      }
      table++;
    }
    at += input.width;
  }
  if (table % WARPS == turn) {
    double square = 0;
    for (int column = lane; column < model.width; column += WARP) {
      square += x[column] * x[column];
    }
    square = summed_by_warp(square);
    if (lane == 0) {
      squares[table] = square;
    }
  }
}

// Work is what lies between kernels' operands: x and its gradient [width], outputs, slopes and squares. A small model has it in shared memory.
KERNEL row_by_row(
    float* bias, float* weight, float* predictions, float* losses, double* sums, double* control, const void* labels,
    int labelsAreNumbers, const float* rowWeights, const RowInput* inputs, const double* rates, double* work, Model model,
    Fault* fault) {
  __shared__ double shared[WARPS];
  __shared__ double small[SMALL];
  __shared__ double rowLoss;
  double* x = 2 * model.width + 2 * model.outputs + model.parameters <= SMALL ? small : work;
  double* gradient = x + model.width;
  double* z = gradient + model.width;
  double* slopes = z + model.outputs;
  double* squares = slopes + model.outputs;
  double learningRate = control[LEARNING_RATE];
  double totalWeight = 0;
  double totalLoss = 0;
  for (int row = 0; row < model.rows; row++) {
    int at = 0;
    for (int n = 0; n < model.inputs; n++) {
      RowInput input = inputs[n];
      int from = row, to = row + 1;
      if (input.kind == BAG) {
        row_bag(input, row, &from, &to, fault);
      }
      FOR_EACH_COLUMN(column, at, input.width) {
        double value = 0;
        for (int i = from; i < to; i++) {
          long long of = input.kind == NUMBERS ? row : checked(input.ids[i], input.rows, FAULT_ROW, fault);
          double share = input.kind == BAG ? row_share(input, from, to) : 1.0;
          value += share * input.values[of * input.width + column];
        }
        x[at + column] = value;
      }
      at += input.width;
    }
    __syncthreads();
    for (int k = 0; k < model.outputs; k++) {
      double sum = 0;
      for (int column = threadIdx.x; column < model.width; column += blockDim.x) {
        sum += (double)weight[(long long)k * model.width + column] * x[column];
      }
      sum = summed(sum, shared);
      if (threadIdx.x == 0) {
        z[k] = bias[k] + sum;
      }
    }
    if (threadIdx.x == 0) {
      double label = labelsAreNumbers ? ((const float*)labels)[row] : ((const int*)labels)[row];
      rowLoss = row_loss(model, z, label, slopes, fault);
      for (int k = 0; k < model.outputs; k++) {
        predictions[(long long)row * model.outputs + k] = (float)z[k];
      }
      losses[row] = (float)rowLoss;
    }
    __syncthreads();
    double weightOfRow = rowWeights[row];
    if (weightOfRow == 0) {
      continue;
    }

    int ofWeight = model.parameters - 2;
    int ofBias = model.parameters - 1;
    double squaredSlopes = 0;
    for (int k = 0; k < model.outputs; k++) {
      squaredSlopes += slopes[k] * slopes[k];
    }
    at = 0;
    for (int n = 0; n < model.inputs; n++) {
      if (inputs[n].kind != NUMBERS) {
        FOR_EACH_COLUMN(column, at, inputs[n].width) {
          double sum = 0;
          for (int k = 0; k < model.outputs; k++) {
            sum += slopes[k] * weight[(long long)k * model.width + at + column];
          }
          gradient[at + column] = sum;
        }
      }
      at += inputs[n].width;
    }
    __syncthreads();
    row_squares(model, inputs, row, x, gradient, squares, fault);
    __syncthreads();
    double squaredNorm = 0;
    for (int table = 0; table < ofWeight; table++) {
      squaredNorm += squares[table];
    }
    double squaredInput = squares[ofWeight];
    __syncthreads();
    if (threadIdx.x == 0) {
      squares[ofWeight] = squaredSlopes * squaredInput;
      squares[ofBias] = squaredSlopes;
    }
    squaredNorm += squaredSlopes * squaredInput;
    squaredNorm += squaredSlopes;
    double clip = model.maxNorm / (sqrt(squaredNorm) + 1e-6);
    clip = clip < 1 || clip != clip ? clip : 1;
    __syncthreads();
    if (!is_float(clip * clip * squaredNorm) || !is_float(rowLoss)) {
      if (threadIdx.x == 0) {
        sums[ofWeight * ROW_SUMS + ROW_REFUSED] += 1;
      }
      continue;
    }

    double step = learningRate * weightOfRow;
    int table = 0;
    at = 0;
    for (int n = 0; n < model.inputs; n++) {
      RowInput input = inputs[n];
      if (input.kind != NUMBERS) {
        int from = row, to = row + 1;
        if (input.kind == BAG) {
          row_bag(input, row, &from, &to, fault);
        }
        double share = input.kind == BAG ? row_share(input, from, to) : 1.0;
        double rate = step * rates[table++];
        FOR_EACH_COLUMN(column, at, input.width) {
          for (int i = from; i < to; i++) {
            long long of = checked(input.ids[i], input.rows, FAULT_ROW, fault);
            float* p = &input.values[of * input.width + column];
            *p = (float)((1 - rate * model.weightDecay) * *p - rate * (clip * share) * gradient[at + column]);
          }
        }
      }
      at += input.width;
    }
    double rate = step * rates[ofWeight];
    for (int k = 0; k < model.outputs; k++) {
      for (int column = threadIdx.x; column < model.width; column += blockDim.x) {
        float* p = &weight[(long long)k * model.width + column];
        *p = (float)((1 - rate * model.weightDecay) * *p - rate * clip * slopes[k] * x[column]);
      }
    }
    double rateOfBias = step * rates[ofBias];
    for (int k = threadIdx.x; k < model.outputs; k += blockDim.x) {
      bias[k] = (float)(bias[k] - rateOfBias * (clip * slopes[k] + model.weightDecay * bias[k]));
    }
    for (int p = threadIdx.x; p < model.parameters; p += blockDim.x) {
      double clipped = clip * clip * squares[p];
      double moved = step * rates[p];
      sums[p * ROW_SUMS + ROW_GRADIENT] += weightOfRow * squares[p];
      sums[p * ROW_SUMS + ROW_CLIPPED] += weightOfRow * clipped;
      sums[p * ROW_SUMS + ROW_UPDATE] += moved * moved * clipped;
    }
    if (threadIdx.x == 0) {
      totalWeight += weightOfRow;
      totalLoss += weightOfRow * rowLoss;
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    control[TOTAL_WEIGHT] += totalWeight;
    control[TOTAL_LOSS] += totalLoss;
  }
}

// Closes a step that was made row by row: one thread writes what was summed into control block, health and statistics, and begins anew.
// squares and first are those of the parameters' chunks; order[s] is the row of the sums that belongs to parameter s.
KERNEL close_rows(
    double* control, double* sums, double* health, double* statistics, const double* squares, const int* first,
    const int* order, int parameters) {
  double gradient = 0;
  double clipped = 0;
  double refused = 0;
  for (int s = 0; s < parameters; s++) {
    double* mine = sums + order[s] * ROW_SUMS;
    gradient += mine[ROW_GRADIENT];
    clipped += mine[ROW_CLIPPED];
    refused += mine[ROW_REFUSED];
    health[s * HEALTH_COLUMNS + HEALTH_SQUARED_NORM] = mine[ROW_GRADIENT];
    health[s * HEALTH_COLUMNS + HEALTH_NON_FINITE] = 0;
    double weight = 0;
    for (int c = first[s]; c < first[s + 1]; c++) {
      weight += squares[c];
    }
    statistics[s * STATISTICS_COLUMNS + SQUARED_UPDATE] = mine[ROW_UPDATE];
    statistics[s * STATISTICS_COLUMNS + SQUARED_WEIGHT] = weight;
    for (int column = 0; column < ROW_SUMS; column++) {
      mine[column] = 0;
    }
  }
  double weight = control[TOTAL_WEIGHT];
  control[STEP_WEIGHT] = weight;
  control[STEP_LOSS] = control[TOTAL_LOSS] / weight;
  control[STEP_SCALE] = 1;
  control[STEP_COUNT] += 1;
  control[TOTAL_WEIGHT] = 0;
  control[TOTAL_LOSS] = 0;
  control[UNSCALE] = 1 / sqrt(weight);
  control[SQUARED_NORM] = gradient / weight;
  control[CLIP_COEFFICIENT] = gradient == 0 ? 1 : sqrt(clipped / gradient);
  control[FOUND_INF] = refused == 0 ? 0 : 1;
}
