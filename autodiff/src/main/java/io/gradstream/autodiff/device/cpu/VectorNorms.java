package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Segments;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** The squared norms of the segments of a block of F32, in parts whose sums are added in order. */
final class VectorNorms implements PreparedCall {
    private final Part[] parts;
    private final PreparedCall all;
    private final Operand health;
    private final double[] squares;

    private VectorNorms(Segments segments, Operand gradients, Operand health, Workspace workspace) {
        parts = Stretch.parts(segments).stream()
                .map(part -> new Part(part, gradients.data()))
                .toArray(Part[]::new);
        all = workspace.team().prepare(List.of(parts));
        this.health = health;
        squares = new double[segments.count()];
    }

    static PreparedCall prepare(Segments segments, Operand gradients, Operand health, Workspace workspace) {
        return new VectorNorms(segments, gradients, health, workspace);
    }

    @Override
    public void run() {
        all.run();
        Arrays.fill(squares, 0);
        for (Part part : parts) {
            part.squares.addTo(squares);
        }
        for (int row = 0; row < squares.length; row++) {
            PlainUpdates.report(health, row, squares[row]);
        }
    }

    private static final class Part implements PreparedCall {
        private final Stretch[] stretches;
        private final MemorySegment gradients;
        private final Squares kernel = new Squares();
        private final StretchSums squares;

        Part(List<Stretch> part, MemorySegment gradients) {
            stretches = part.toArray(Stretch[]::new);
            this.gradients = gradients;
            squares = new StretchSums(stretches);
        }

        @Override
        public void run() {
            for (int i = 0; i < stretches.length; i++) {
                long from = stretches[i].offset() * Float.BYTES;
                squares.set(i, kernel.sum(gradients, from, stretches[i].count()));
            }
        }
    }
}
