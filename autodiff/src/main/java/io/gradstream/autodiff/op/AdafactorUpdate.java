package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) as {@code torch.optim.Adafactor}: of a matrix's second moment only the means of
 * its rows and of its columns are kept. Operands: parameters p, gradients, second moments, control block, update statistics. Second
 * moments lie in one F32 block, parameter after parameter: rows R and then columns C of a matrix, one V per element of a vector.
 * With t = STEP_COUNT and, per parameter, means over its elements:
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR                 w = tᵈᵉᶜᵃʸ
 * α = max(epsilon2, √mean(p²)) · min(LEARNING_RATE, 1/√t)
 * p = p·(1 - LEARNING_RATE·weightDecay)
 * matrix:  Rᵢ = Rᵢ + (meanⱼ(g²ᵢⱼ) - Rᵢ)·w      Cⱼ = Cⱼ + (meanᵢ(g²ᵢⱼ) - Cⱼ)·w      those below 1e-30 become 0
 *          v = Rᵢ·Cⱼ / max(epsilon1, meanᵢ(Rᵢ))
 * vector:  Vᵢ = Vᵢ + (g²ᵢ - Vᵢ)·w              v = Vᵢ
 * u = g / √max(v, epsilon1²)
 * p = p - α / max(1, √mean(u²)/threshold) · u
 * </pre>
 *
 * @param rows per segment the number of rows of its matrix; one row, or rows of one element, are a vector
 */
public record AdafactorUpdate(
        double decay,
        double epsilon1,
        double epsilon2,
        double threshold,
        double weightDecay,
        List<Integer> rows,
        Segments segments)
        implements OptimizerUpdate {

    public AdafactorUpdate {
        if (!(decay < 0)) {
            throw new IllegalArgumentException("decay must be negative: decay=" + decay);
        }
        Ranges.positive("epsilon1", epsilon1);
        Ranges.notNegative("epsilon2", epsilon2);
        Ranges.positive("threshold", threshold);
        Ranges.notNegative("weightDecay", weightDecay);
        rows = List.copyOf(rows);
        if (rows.size() != segments.count()) {
            throw new IllegalArgumentException(
                    "every segment must have rows: rows=" + rows.size() + " segments=" + segments.count());
        }
        for (int i = 0; i < rows.size(); i++) {
            long size = segments.list().get(i).size();
            if (rows.get(i) < 1 || size % rows.get(i) != 0) {
                throw new IllegalArgumentException(
                        "rows must divide their segment: segment=" + i + " size=" + size + " rows=" + rows.get(i));
            }
        }
    }

    @Override
    public int moments() {
        return 1;
    }

    @Override
    public List<TensorType> state(TensorType parameters) {
        return List.of(TensorType.of(DType.F32, Math.toIntExact(Math.max(1, stateOffset(segments.count())))));
    }

    @Override
    public boolean restsWithoutGradient() {
        return false;
    }

    @Override
    public UpdateWalk walk(List<? extends Elements> operands) {
        return new AdafactorWalk(this, operands);
    }

    /** Whether a segment is a matrix whose second moment is kept as rows and columns. */
    public boolean isFactored(int segment) {
        return rows.get(segment) > 1 && columns(segment) > 1;
    }

    public int columns(int segment) {
        return Math.toIntExact(segments.list().get(segment).size() / rows.get(segment));
    }

    /** Where a segment's second moments begin. */
    public long stateOffset(int segment) {
        long offset = 0;
        for (int i = 0; i < segment; i++) {
            offset += isFactored(i)
                    ? rows.get(i) + columns(i)
                    : segments.list().get(i).size();
        }
        return offset;
    }

    public static List<Sample> samples() {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13), new Segment(224, 34));
        List<Integer> rows = List.of(9, 1, 2);
        AdafactorUpdate usual = new AdafactorUpdate(-0.8, 1.2e-7, 1e-3, 1, 0, rows, segments);
        AdafactorUpdate decaying = new AdafactorUpdate(-0.5, 1e-3, 0.5, 0.3, 0.1, rows, segments);
        List<Sample> samples = new ArrayList<>();
        for (AdafactorUpdate op : List.of(usual, decaying)) {
            Literal state = Literal.positive(
                    op.state(ControlSample.block().type()).get(0).shape().dim(0));
            samples.add(UpdateSample.of(op, ControlSample.block(), List.of(state)));
            samples.add(UpdateSample.of(op, ControlSample.with(Control.STEP_COUNT, 1), List.of(state)));
            samples.add(UpdateSample.of(op, ControlSample.with(Control.FOUND_INF, 1), List.of(state)));
            samples.add(UpdateSample.withoutGradients(op, List.of(state)));
        }
        samples.add(large());
        return samples;
    }

    /** A matrix of many rows and one of many columns. */
    private static Sample large() {
        Segments segments = Segments.of(new Segment(0, 2450), new Segment(2464, 2100));
        AdafactorUpdate op = new AdafactorUpdate(-0.8, 1.2e-7, 1e-3, 1, 0.1, List.of(50, 3), segments);
        Literal state = Literal.positive(
                op.state(ControlSample.block().type()).get(0).shape().dim(0));
        return UpdateSample.of(op, ControlSample.block(), List.of(state));
    }
}
