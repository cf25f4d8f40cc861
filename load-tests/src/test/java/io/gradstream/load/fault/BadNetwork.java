package io.gradstream.load.fault;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/** A proxy before a broker that understands just enough of Kafka's protocol to know which request to spoil. */
final class BadNetwork implements AutoCloseable {
    private static final int LARGEST = 128 << 20;

    /** What becomes of a request. */
    enum Fate {
        PASSES,
        /** The broker never hears of it. */
        LOST_BEFORE,
        /** The broker acts on it, and nobody hears its answer. */
        LOST_AFTER,
        /** It arrives after everything is too late. */
        LATE
    }

    private final ServerSocket door;
    private final int broker;
    private final AtomicInteger left = new AtomicInteger();
    private volatile ApiKeys victim = ApiKeys.END_TXN;
    private volatile Fate fate = Fate.PASSES;
    private volatile long lateMillis;
    private volatile int bytesPerSecond;

    BadNetwork(int broker) throws IOException {
        this.broker = broker;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("door", this::welcome);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Spoils the next so many requests of a kind. */
    void spoil(ApiKeys kind, Fate how, int times) {
        victim = kind;
        fate = how;
        left.set(times);
    }

    /** Delays the next request of a kind. */
    void delay(ApiKeys kind, long millis) {
        lateMillis = millis;
        spoil(kind, Fate.LATE, 1);
    }

    /** How many requests are still to be spoiled. */
    int left() {
        return Math.max(0, left.get());
    }

    /** No more than this goes through each connection each way; 0 for as much as there is. */
    void throttle(int bytes) {
        bytesPerSecond = bytes;
    }

    private void welcome() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), broker);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start("requests", () -> requests(client, server));
            start("answers", () -> answers(client, server));
        }
    }

    private void requests(Socket client, Socket server) throws IOException {
        try (client;
                server) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(server.getOutputStream());
            while (true) {
                int size = in.readInt();
                if (size < Short.BYTES || size > LARGEST) {
                    return;
                }
                byte[] request = new byte[size];
                in.readFully(request);
                slow(size);
                switch (fateOf(request)) {
                    case PASSES -> forward(out, request);
                    case LOST_BEFORE -> {
                        return;
                    }
                    case LOST_AFTER -> {
                        forward(out, request);
                        return;
                    }
                    case LATE -> {
                        pause(lateMillis);
                        forward(out, request);
                    }
                }
            }
        }
    }

    private Fate fateOf(byte[] request) {
        int kind = request[0] << 8 | request[1] & 0xFF;
        return kind == victim.id && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0 ? fate : Fate.PASSES;
    }

    private static void forward(DataOutputStream out, byte[] request) throws IOException {
        out.writeInt(request.length);
        out.write(request);
        out.flush();
    }

    private void answers(Socket client, Socket server) throws IOException {
        try (client;
                server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] bytes = new byte[64 << 10];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                slow(read);
                out.write(bytes, 0, read);
                out.flush();
            }
        }
    }

    private void slow(int bytes) {
        int most = bytesPerSecond;
        if (most > 0) {
            pause(1000L * bytes / most);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Work that ends when its sockets do. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread.ofVirtual().name("bad-network-" + name).start(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // one side has left
            }
        });
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
