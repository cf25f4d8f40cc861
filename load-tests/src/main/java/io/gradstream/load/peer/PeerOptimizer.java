package io.gradstream.load.peer;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Adagrad;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
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

    record AdagradLike(double rateDecay, double weightDecay, double initial, double epsilon) implements PeerOptimizer {
        @Override
        public Optimizer over(TensorVector parameters) {
            AdagradOptions options = new AdagradOptions();
            options.lr_decay().put(rateDecay);
            options.weight_decay().put(weightDecay);
            options.initial_accumulator_value().put(initial);
            options.eps().put(epsilon);
            return new Adagrad(parameters, options);
        }
    }

    record RmspropLike(double alpha, double epsilon, double weightDecay, double momentum, boolean centered)
            implements PeerOptimizer {
        @Override
        public Optimizer over(TensorVector parameters) {
            RMSpropOptions options = new RMSpropOptions();
            options.alpha().put(alpha);
            options.eps().put(epsilon);
            options.weight_decay().put(weightDecay);
            options.momentum().put(momentum);
            options.centered().put(centered);
            return new RMSprop(parameters, options);
        }
    }
}
