package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.BagCombine;
import io.gradstream.autodiff.op.BagSpread;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.Gather;
import io.gradstream.autodiff.op.Lookup;
import io.gradstream.autodiff.op.ScatterAdd;
import io.gradstream.autodiff.op.ScatterAddRows;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.MemorySegment;

/** Rows fetched and collected by number: {@code lookup.cu}. */
final class LookupWork {
    private static final String MODULE = "lookup";

    private LookupWork() {}

    static void add(Lookup op, Call call, Workshop shop) {
        Buffer x = call.input(0);
        Buffer numbers = call.input(1);
        Buffer y = call.output();
        switch (op) {
            case Embedding _ -> rows(op, call, y.size(), shop, x.type().shape().dim(0));
            case ScatterAddRows _ -> {
                shop.clear(y);
                scatterRows(op, call, shop);
            }
            case BagCombine(Combine combine) ->
                bags(op, call, y.size(), combine, x.type().shape().dim(0), shop);
            case BagSpread(Combine combine, int capacity) -> {
                shop.clear(y);
                bags(op, call, x.size(), combine, capacity, shop);
            }
            case Gather(int axis) ->
                along(
                        op,
                        call,
                        y.size(),
                        axis,
                        numbers.type().shape().dim(axis),
                        x.type().shape().dim(axis),
                        shop);
            case ScatterAdd(int axis, int extent) -> {
                shop.clear(y);
                int places = numbers.type().shape().dim(axis);
                along(op, call, places == 0 ? 0 : x.size() / places, axis, places, extent, shop);
            }
        }
    }

    private static Arguments operands(Call call, Workshop shop) {
        return shop.arguments()
                .address(address(call.input(0)))
                .address(address(call.input(1)))
                .address(address(call.output()));
    }

    private static void launch(Lookup op, Call call, Grid grid, Arguments arguments, Workshop shop) {
        shop.launch(
                MODULE,
                Workshop.kernel(op.name(), call.input(0).type().dtype()),
                grid,
                arguments.address(shop.faults()));
    }

    private static void rows(Lookup op, Call call, long elements, Workshop shop, int rows) {
        if (elements > 0) {
            int width = call.output().type().shape().dim(1);
            Arguments arguments =
                    operands(call, shop).number(elements).number(width).number(rows);
            launch(op, call, Grid.elements(elements), arguments, shop);
        }
    }

    private static void scatterRows(Lookup op, Call call, Workshop shop) {
        int count = Math.toIntExact(call.input(1).size());
        int width = call.output().type().shape().dim(1);
        if (count > 0 && width > 0) {
            Meetings meetings = Meetings.of(count, 0, shop);
            MemorySegment met = meetings.struct(shop.arena());
            shop.launch(
                    MODULE,
                    "meet",
                    Grid.elements(count),
                    shop.arguments().address(address(call.input(1))).struct(met));
            Arguments arguments = operands(call, shop)
                    .struct(met)
                    .number(width)
                    .number(call.output().type().shape().dim(0));
            launch(op, call, Grid.blocksOf(Math.ceilDiv(count, Meetings.TILE)), arguments, shop);
        }
    }

    private static void bags(Lookup op, Call call, long elements, Combine combine, int rows, Workshop shop) {
        if (elements > 0) {
            Arguments arguments = operands(call, shop)
                    .number(elements)
                    .number(call.output().type().shape().dim(1))
                    .number(rows)
                    .flag(combine == Combine.MEAN);
            launch(op, call, Grid.elements(elements), arguments, shop);
        }
    }

    private static void along(Lookup op, Call call, long elements, int axis, int places, int extent, Workshop shop) {
        if (elements > 0) {
            int inner = Math.toIntExact(call.input(0).type().shape().strides()[axis]);
            Arguments arguments = operands(call, shop)
                    .number(elements)
                    .number(inner)
                    .number(places)
                    .number(extent);
            launch(op, call, Grid.elements(elements), arguments, shop);
        }
    }
}
