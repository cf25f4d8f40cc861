// Learning of a linear model from the rows of a micro-batch one after the other: each is predicted with what those before it have
// taught. Rows cannot be learned side by side, so one block of threads shares the columns of a row.
#include "control.cuh"
#include "fold.cuh"
#include "kernel.cuh"

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

__device__ inline double summed(double mine, Sum<double>* shared) { return joined(Sum<double>{mine}, shared).sum; }

// Work is what lies between kernels' operands: x and its gradient [width], outputs, slopes and squares.
KERNEL row_by_row(
    float* bias, float* weight, float* predictions, float* losses, double* sums, double* control, const void* labels,
    int labelsAreNumbers, const float* rowWeights, const RowInput* inputs, const double* rates, double* work, Model model,
    Fault* fault) {
  __shared__ Sum<double> shared[THREADS];
  __shared__ double rowLoss;
  double* x = work;
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
      for (int column = threadIdx.x; column < input.width; column += blockDim.x) {
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
    double squaredInput = 0;
    for (int column = threadIdx.x; column < model.width; column += blockDim.x) {
      squaredInput += x[column] * x[column];
    }
    squaredInput = summed(squaredInput, shared);
    double squaredNorm = 0;
    int table = 0;
    at = 0;
    for (int n = 0; n < model.inputs; n++) {
      RowInput input = inputs[n];
      if (input.kind != NUMBERS) {
        double mine = 0;
        for (int column = threadIdx.x; column < input.width; column += blockDim.x) {
          double sum = 0;
          for (int k = 0; k < model.outputs; k++) {
            sum += slopes[k] * weight[(long long)k * model.width + at + column];
          }
          gradient[at + column] = sum;
          mine += sum * sum;
        }
        double square = summed(mine, shared);
        if (input.kind == BAG) {
          int from, to;
          row_bag(input, row, &from, &to, fault);
          double equal = 0;
          for (int i = from + threadIdx.x; i < to; i += blockDim.x) {
            for (int j = from; j < to; j++) {
              equal += input.ids[i] == input.ids[j];
            }
          }
          equal = summed(equal, shared);
          double share = from == to ? 0 : row_share(input, from, to);
          square *= equal * share * share;
        }
        if (threadIdx.x == 0) {
          squares[table] = square;
        }
        squaredNorm += square;
        table++;
      }
      at += input.width;
    }
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
    table = 0;
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
        for (int column = threadIdx.x; column < input.width; column += blockDim.x) {
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
    if (threadIdx.x == 0) {
      double rateOfBias = step * rates[ofBias];
      for (int k = 0; k < model.outputs; k++) {
        bias[k] = (float)(bias[k] - rateOfBias * (clip * slopes[k] + model.weightDecay * bias[k]));
      }
      for (int p = 0; p < model.parameters; p++) {
        double clipped = clip * clip * squares[p];
        double moved = step * rates[p];
        sums[p * ROW_SUMS + ROW_GRADIENT] += weightOfRow * squares[p];
        sums[p * ROW_SUMS + ROW_CLIPPED] += weightOfRow * clipped;
        sums[p * ROW_SUMS + ROW_UPDATE] += moved * moved * clipped;
      }
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
