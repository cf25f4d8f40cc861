package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.GRUOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.MultiheadAttentionImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.RNNImpl;
import org.bytedeco.pytorch.RNNOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.TransformerEncoderLayerImpl;
import org.bytedeco.pytorch.TransformerEncoderLayerOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.kGELU;

/** One of PyTorch's own layers in double precision, trained by its SGD on Σ output·cotangent. */
public final class PeerLayer implements AutoCloseable {
    private final List<Module> modules;
    private final UnaryOperator<Tensor> forward;
    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    private final SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();

    private PeerLayer(Module module, UnaryOperator<Tensor> forward) {
        this(Map.of("", module), forward);
    }

    /** A layer of several modules, whose tensors have the module's name as a prefix. */
    private PeerLayer(Map<String, Module> modules, UnaryOperator<Tensor> forward) {
        Libtorch.require();
        this.modules = List.copyOf(modules.values());
        this.forward = forward;
        modules.forEach((prefix, module) -> {
            module.to(ScalarType.Double, false);
            collect(prefix, module.named_parameters(), parameters);
            collect(prefix, module.named_buffers(), buffers);
        });
    }

    private static void collect(String prefix, StringTensorDict from, SequencedMap<String, Tensor> to) {
        for (long i = 0; i < from.size(); i++) {
            StringTensorDictItem item = from.get(i);
            to.put(prefix + item.key().getString(), new Tensor(item.value()));
        }
    }

    /** An Elman network over [rows, length, inputs]. */
    public static PeerLayer rnn(int inputs, int units) {
        RNNOptions options = new RNNOptions(inputs, units);
        options.batch_first().put(true);
        RNNImpl layer = new RNNImpl(options);
        return new PeerLayer(layer, x -> layer.forward(x).get0());
    }

    /** A GRU over [rows, length, inputs]. */
    public static PeerLayer gru(int inputs, int units) {
        GRUOptions options = new GRUOptions(inputs, units);
        options.batch_first().put(true);
        GRUImpl layer = new GRUImpl(options);
        return new PeerLayer(layer, x -> layer.forward(x).get0());
    }

    /** An LSTM over [rows, length, inputs]. */
    public static PeerLayer lstm(int inputs, int units) {
        LSTMOptions options = new LSTMOptions(inputs, units);
        options.batch_first().put(true);
        LSTMImpl layer = new LSTMImpl(options);
        return new PeerLayer(layer, x -> layer.forward(x).get0());
    }

    /** Attention of [rows, length, width] to itself. */
    public static PeerLayer attention(int width, int heads) {
        MultiheadAttentionImpl layer = new MultiheadAttentionImpl(width, heads);
        return new PeerLayer(layer, x -> {
            Tensor items = x.transpose(0, 1);
            return layer.forward(items, items, items).get0().transpose(0, 1);
        });
    }

    /** PyTorch's encoder layer over [rows, length, width], which normalizes behind each residual connection. */
    public static PeerLayer encoder(int width, int heads, int feedForward, PeerSight sight) {
        TransformerEncoderLayerOptions options = new TransformerEncoderLayerOptions(width, heads);
        options.dim_feedforward().put(feedForward);
        options.dropout().put(0);
        options.activation().put(new kGELU());
        TransformerEncoderLayerImpl layer = new TransformerEncoderLayerImpl(options);
        return new PeerLayer(layer, x -> {
            Tensor items = x.transpose(0, 1);
            return layer.forward(items, sight.hiddenPairs(x), sight.hiddenKeys(x))
                    .transpose(0, 1);
        });
    }

    /** The same parts as PyTorch puts them together where {@code norm_first} is asked for, which its encoder in C++ does not know. */
    public static PeerLayer encoderThatNormalizesFirst(int width, int heads, int feedForward, PeerSight sight) {
        MultiheadAttentionImpl attention = new MultiheadAttentionImpl(width, heads);
        LinearImpl linear1 = new LinearImpl(width, feedForward);
        LinearImpl linear2 = new LinearImpl(feedForward, width);
        LayerNormImpl norm1 = normalization(width);
        LayerNormImpl norm2 = normalization(width);
        Map<String, Module> modules = Map.of(
                "self_attn.", attention, "linear1.", linear1, "linear2.", linear2, "norm1.", norm1, "norm2.", norm2);
        return new PeerLayer(modules, x -> {
            Tensor items = norm1.forward(x).transpose(0, 1);
            Tensor attended = attention
                    .forward(items, items, items, sight.hiddenKeys(x), false, sight.hiddenPairs(x), true)
                    .get0();
            Tensor seen = x.add(attended.transpose(0, 1));
            return seen.add(linear2.forward(torch.gelu(linear1.forward(norm2.forward(seen)))));
        });
    }

    /** Layer normalization of the last axis. */
    public static PeerLayer layerNorm(int width) {
        LayerNormImpl layer = normalization(width);
        return new PeerLayer(layer, layer::forward);
    }

    private static LayerNormImpl normalization(int width) {
        return new LayerNormImpl(new LayerNormOptions(new LongVector(new long[] {width})));
    }

    /** Normalization of the last axis by its root mean square. */
    public static PeerLayer rmsNorm(int width, double epsilon) {
        Module module = new Module("rms_norm");
        Tensor weight = registered(module, "weight", true, width);
        return new PeerLayer(
                module,
                x -> torch.rms_norm(x, new long[] {width}, new TensorOptional(weight), new DoubleOptional(epsilon)));
    }

    /** Batch normalization of [rows, width]. */
    public static PeerLayer batchNorm(int width) {
        BatchNorm1dImpl layer = new BatchNorm1dImpl(new BatchNormOptions(width));
        return new PeerLayer(layer, layer::forward);
    }

    /**
     * An affine map of [rows, inputs] that is frozen, with an adapter of low rank as its papers put it: LoRA adds the adapter's product, and
     * DoRA gives the rows of the sum the lengths of the frozen ones times a magnitude, and takes their own lengths for constants.
     */
    public static PeerLayer adapted(int inputs, int outputs, int rank, double alpha, boolean decomposed) {
        Module base = new Module("base");
        Tensor weight = registered(base, "weight", false, outputs, inputs);
        Tensor bias = registered(base, "bias", false, outputs);
        Module adapter = new Module("lora");
        Tensor a = registered(adapter, "a", true, rank, inputs);
        Tensor b = registered(adapter, "b", true, outputs, rank);
        Map<String, Module> modules = Map.of("", base, "lora.", adapter);
        if (!decomposed) {
            return new PeerLayer(
                    modules, x -> torch.linear(x, sum(weight, a, b, alpha / rank), new TensorOptional(bias)));
        }
        Tensor magnitude = registered(adapter, "magnitude", true, outputs);
        return new PeerLayer(modules, x -> {
            Tensor sum = sum(weight, a, b, alpha / rank);
            Tensor lengths = magnitude.mul(length(weight)).div(length(sum).detach());
            return torch.linear(x, sum.mul(lengths.unsqueeze(1)), new TensorOptional(bias));
        });
    }

    /** A parameter by a handle of its own: the one that registering returns lies in a vector of the module's, which moves as it grows. */
    private static Tensor registered(Module module, String name, boolean trained, long... shape) {
        Tensor parameter = torch.ones(shape);
        module.register_parameter(name, parameter, trained);
        return parameter;
    }

    private static Tensor sum(Tensor weight, Tensor a, Tensor b, double scale) {
        return weight.add(b.matmul(a), new Scalar(scale));
    }

    private static Tensor length(Tensor rows) {
        return rows.square().sum(1).sqrt();
    }

    /** What the layer trains, in its order. */
    public List<String> parameters() {
        return new ArrayList<>(parameters.sequencedKeySet());
    }

    public double[] parameter(String name) {
        return values(find(parameters, name));
    }

    /** A value that the layer keeps and does not train. */
    public double[] buffer(String name) {
        return values(find(buffers, name));
    }

    /** Overwrites a parameter. */
    public void set(String name, double[] values) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            find(parameters, name).view(-1).copy_(tensor(values, values.length));
        }
    }

    /** What the layer gives in evaluation mode. */
    public double[] evaluate(double[] x, long... shape) {
        try (PointerScope _ = new PointerScope()) {
            modules.forEach(Module::eval);
            double[] outputs = values(forward.apply(tensor(x, shape)).detach());
            modules.forEach(module -> module.train(true));
            return outputs;
        }
    }

    /** Forward and backward, and a step; gives the outputs before it. */
    public double[] step(double[] x, long[] shape, double[] cotangent, double learningRate) {
        try (PointerScope _ = new PointerScope();
                SGDOptions options = new SGDOptions(learningRate);
                SGD optimizer = new SGD(new TensorVector(parameters.values().toArray(Tensor[]::new)), options)) {
            optimizer.zero_grad();
            Tensor output = forward.apply(tensor(x, shape));
            output.reshape(-1).mul(tensor(cotangent, cotangent.length)).sum().backward();
            optimizer.step();
            return values(output.detach());
        }
    }

    /** The gradient of the last step. */
    public double[] gradient(String name) {
        try (PointerScope _ = new PointerScope()) {
            return values(find(parameters, name).grad());
        }
    }

    private static Tensor find(SequencedMap<String, Tensor> tensors, String name) {
        Tensor found = tensors.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no such tensor: name=" + name + " tensors=" + tensors.keySet());
        }
        return found;
    }

    private static Tensor tensor(double[] values, long... shape) {
        try (DoublePointer data = new DoublePointer(values);
                TensorOptions options = new TensorOptions(ScalarType.Double);
                Tensor view = torch.from_blob(data, shape, options)) {
            return view.clone();
        }
    }

    private static double[] values(Tensor tensor) {
        Tensor wide = tensor.contiguous();
        double[] values = new double[Math.toIntExact(wide.numel())];
        wide.data_ptr_double().get(values);
        return values;
    }

    @Override
    public void close() {
        modules.forEach(Module::close);
    }
}
