package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * AdamW whose moments take 8 bits per element (after Dettmers et al. 2022, arXiv 2110.02861): blocks of {@value #BLOCK} elements share an F32
 * scale, and each element has a {@link DynamicCode} relative to it. Operands: parameters p, gradients, codes of the first moment m,
 * codes of the root r of the second moment, scales of m, scales of r, control block, update statistics. Blocks are counted through
 * all segments, each of which begins a new one. With t = STEP_COUNT, per block:
 *
 * <pre>
 * g = gradient·GRADIENT_FACTOR
 * m = decode(code)·scale        r = decode(code)·scale
 * m = m + (g - m)·(1 - beta1)
 * r = √(r²·beta2 + (1 - beta2)·g²)
 * p = p·(1 - LEARNING_RATE·weightDecay) - LEARNING_RATE/(1 - beta1ᵗ) · m / (r/√(1 - beta2ᵗ) + epsilon)
 * scale = max |m| / largest of SIGNED, 0 if max |m| &lt; 1e-25        code = encode(m / scale)
 * scale = max  r  / largest of UNSIGNED, 0 if max r &lt; 1e-15        code = encode(r / scale), never 0 for r > 0
 * </pre>
 *
 * <p>The root is kept because it is what divides: its code has half the range to cover. A small r is never rounded to 0, where the first
 * moment would be divided by epsilon alone. The low half of the random bits rounds m, the high half r.
 */
public record QuantizedAdamUpdate(double beta1, double beta2, double epsilon, double weightDecay, Segments segments)
        implements OptimizerUpdate {

    /** How many elements share a scale. */
    public static final int BLOCK = 256;

    /** √ of {@link OptimizerUpdate#SECOND_MOMENT_FLUSH}. */
    public static final double ROOT_FLUSH = 1e-15;

    public QuantizedAdamUpdate {
        Ranges.share("beta1", beta1);
        Ranges.share("beta2", beta2);
        Ranges.positive("epsilon", epsilon);
        Ranges.notNegative("weightDecay", weightDecay);
    }

    @Override
    public int moments() {
        return 4;
    }

    @Override
    public List<TensorType> state(TensorType parameters) {
        TensorType codes = parameters.with(DType.U8);
        TensorType scales = TensorType.of(DType.F32, Math.max(1, blocks(segments.count())));
        return List.of(codes, codes, scales, scales);
    }

    @Override
    public boolean restsWithoutGradient() {
        return false;
    }

    @Override
    public UpdateWalk walk(List<? extends Elements> operands) {
        return new QuantizedAdamWalk(this, operands);
    }

    /** How many blocks the first segments have. */
    public int blocks(int firstSegments) {
        long blocks = 0;
        for (int i = 0; i < firstSegments; i++) {
            blocks += Math.ceilDiv(segments.list().get(i).size(), BLOCK);
        }
        return Math.toIntExact(blocks);
    }

    public static List<Sample> samples() {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13), new Segment(224, 300));
        QuantizedAdamUpdate usual = new QuantizedAdamUpdate(0.9, 0.999, 1e-8, 0, segments);
        QuantizedAdamUpdate decaying = new QuantizedAdamUpdate(0.5, 0.9, 1e-3, 0.1, segments);
        return List.of(
                UpdateSample.of(usual, ControlSample.block(), state(usual, 1)),
                UpdateSample.of(decaying, ControlSample.block(), state(decaying, 0.01)),
                UpdateSample.of(usual, ControlSample.with(Control.STEP_COUNT, 1), state(usual, 0)),
                UpdateSample.of(usual, ControlSample.with(Control.FOUND_INF, 1), state(usual, 1)),
                UpdateSample.withoutGradients(usual, state(usual, 1e-25)));
    }

    private static List<Literal> state(QuantizedAdamUpdate op, double scale) {
        TensorType parameters = TensorType.of(DType.F32, UpdateSample.size(op.segments()));
        List<TensorType> types = op.state(parameters);
        return List.of(
                codes(types.get(0), op.segments(), 37),
                codes(types.get(1), op.segments(), 101),
                scales(types.get(2), scale),
                scales(types.get(3), 2 * scale));
    }

    private static Literal codes(TensorType type, Segments segments, int stride) {
        double[] codes = new double[Math.toIntExact(type.shape().size())];
        for (Segment segment : segments.list()) {
            for (int i = (int) segment.offset(); i < segment.end(); i++) {
                codes[i] = i * stride % 256;
            }
        }
        return new Literal(type, codes);
    }

    private static Literal scales(TensorType type, double scale) {
        double[] scales = new double[Math.toIntExact(type.shape().size())];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) (scale / (i + 1));
        }
        return new Literal(type, scales);
    }
}
