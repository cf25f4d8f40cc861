package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Elementwise;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where in the arena every storage lives. Leaves and outputs keep their places; any other value's place is free again after
 * its last use, and an elementwise result moves into an operand that dies with it.
 */
final class Layout {

    private record Place(long offset, long bytes) {}

    private final Device device;
    private final UnaryOperator<Storage> home;
    private final Arena arena = new Arena();
    private final Map<Storage, Place> places = new HashMap<>();
    private final Map<Storage, Integer> lastUses = new HashMap<>();
    private final Set<Storage> kept = new HashSet<>();

    Layout(Device device, UnaryOperator<Storage> home) {
        this.device = device;
        this.home = home;
    }

    /** Gives places to all leaves that are not bound elsewhere and to the results of all steps. */
    void place(List<Tensor> leaves, Map<Storage, Buffer> bound, List<Step> steps, List<Tensor> outputs) {
        kept.addAll(bound.keySet());
        for (Tensor leaf : leaves) {
            kept.add(leaf.storage());
            if (!bound.containsKey(leaf.storage())) {
                take(leaf);
            }
        }
        outputs.forEach(output -> kept.add(home.apply(output.storage())));
        for (int i = 0; i < steps.size(); i++) {
            int number = i;
            steps.get(i).inputs().forEach(input -> lastUses.put(home.apply(input.storage()), number));
        }
        for (int i = 0; i < steps.size(); i++) {
            place(steps.get(i), i);
        }
    }

    long offset(Storage storage) {
        return find(storage).offset();
    }

    Arena arena() {
        return arena;
    }

    private void place(Step step, int number) {
        Storage result = step.output().storage();
        Set<Storage> dying = new HashSet<>();
        for (Tensor input : step.inputs()) {
            Storage storage = home.apply(input.storage());
            if (dies(storage, number) && !storage.equals(result)) {
                dying.add(storage);
            }
        }
        if (!(step.kernel() instanceof InPlace)) {
            if (!isElementwise(step.kernel()) || !inherit(step, result, dying)) {
                take(step.output());
            }
        }
        dying.forEach(this::give);
        boolean neverRead = !lastUses.containsKey(result) && !kept.contains(result);
        if (neverRead || dies(result, number)) {
            give(result);
        }
    }

    private static boolean isElementwise(Kernel kernel) {
        return kernel instanceof Elementwise || kernel instanceof SlopeProduct;
    }

    private boolean dies(Storage storage, int number) {
        return !kept.contains(storage) && lastUses.getOrDefault(storage, -1) == number;
    }

    private boolean inherit(Step step, Storage result, Set<Storage> dying) {
        for (Tensor input : step.inputs()) {
            Storage storage = home.apply(input.storage());
            if (dying.contains(storage) && input.type().equals(step.output().type())) {
                dying.remove(storage);
                places.put(result, find(storage));
                return true;
            }
        }
        return false;
    }

    private void take(Tensor value) {
        TensorType type = value.type();
        long bytes = type.shape().size() * device.bytesPerElement(type.dtype());
        places.put(value.storage(), new Place(arena.take(bytes), bytes));
    }

    private void give(Storage storage) {
        Place place = find(storage);
        arena.give(place.offset(), place.bytes());
    }

    private Place find(Storage storage) {
        Place place = places.get(home.apply(storage));
        if (place == null) {
            throw new IllegalArgumentException("a value must be a leaf, an output or used: node=%" + storage.id());
        }
        return place;
    }
}
