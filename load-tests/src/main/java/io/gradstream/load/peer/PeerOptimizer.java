package io.gradstream.load.peer;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.TensorVector;

/** One of PyTorch's optimizers with its settings. */
public sealed interface PeerOptimizer {

    Optimizer over(TensorVector parameters);

    record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) implements PeerOptimizer {
        @Override
        public Optimizer over(TensorVector parameters) {
            SGDOptions options = new SGDOptions(0);
            options.momentum().put(momentum);
            options.dampening().put(dampening);
            options.nesterov().put(nesterov);
            options.weight_decay().put(weightDecay);
            return new SGD(parameters, options);
        }
    }

    record AdamLike(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
            implements PeerOptimizer {
        @Override
        public Optimizer over(TensorVector parameters) {
            if (decoupled) {
                AdamWOptions options = new AdamWOptions();
                putBetas(options.betas());
                options.eps().put(epsilon);
                options.weight_decay().put(weightDecay);
                return new AdamW(parameters, options);
            }
            AdamOptions options = new AdamOptions();
            putBetas(options.betas());
            options.eps().put(epsilon);
            options.weight_decay().put(weightDecay);
            return new Adam(parameters, options);
        }

        /** The pair is a std::tuple, which libstdc++ keeps in memory backwards: PyTorch's defaults tell which way round it is. */
        private void putBetas(DoublePointer pair) {
            boolean backwards = pair.get(0) > pair.get(1);
            pair.put(0, backwards ? beta2 : beta1).put(1, backwards ? beta1 : beta2);
        }
    }
}
