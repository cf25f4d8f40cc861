package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.GRUOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.MultiheadAttentionImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.RNNImpl;
import org.bytedeco.pytorch.RNNOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One of PyTorch's own layers in double precision, trained by its SGD on Σ output·cotangent. */
public final class PeerLayer implements AutoCloseable {
    private final Module module;
    private final UnaryOperator<Tensor> forward;
    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    private final SequencedMap<String, Tensor> buffers = new LinkedHashMap<>();

    private PeerLayer(Module module, UnaryOperator<Tensor> forward) {
        Libtorch.require();
        this.module = module;
        this.forward = forward;
        module.to(ScalarType.Double, false);
        collect(module.named_parameters(), parameters);
        collect(module.named_buffers(), buffers);
    }

    private static void collect(StringTensorDict from, SequencedMap<String, Tensor> to) {
        for (long i = 0; i < from.size(); i++) {
            StringTensorDictItem item = from.get(i);
            to.put(item.key().getString(), item.value());
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

    /** Layer normalization of the last axis. */
    public static PeerLayer layerNorm(int width) {
        LayerNormImpl layer = new LayerNormImpl(new LayerNormOptions(new LongVector(new long[] {width})));
        return new PeerLayer(layer, layer::forward);
    }

    /** Batch normalization of [rows, width]. */
    public static PeerLayer batchNorm(int width) {
        BatchNorm1dImpl layer = new BatchNorm1dImpl(new BatchNormOptions(width));
        return new PeerLayer(layer, layer::forward);
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
            module.eval();
            double[] outputs = values(forward.apply(tensor(x, shape)).detach());
            module.train(true);
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
        module.close();
    }
}
