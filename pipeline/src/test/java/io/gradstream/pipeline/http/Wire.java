package io.gradstream.pipeline.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A client that sends exactly the bytes it is told to, well-formed or not. */
final class Wire {
    private Wire() {}

    /** An answer as it came. */
    record Reply(int status, Map<String, String> headers, String body) {}

    /** Sends bytes and reads until the server has said everything; the request has to ask for a closed connection. */
    static Reply exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    /** A request of this method for this path, exactly as they are written. */
    static Reply ask(int port, String method, String path, String... headers) throws IOException {
        return exchange(
                port,
                method + " " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n"
                        + Arrays.stream(headers).map(header -> header + "\r\n").collect(Collectors.joining())
                        + "\r\n");
    }

    /** Reads from an open connection until it has said this. */
    static String readUntil(InputStream in, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.length() < text.length()
                || !read.substring(read.length() - text.length()).equals(text)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed before it said " + text + ": " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    private static Reply parse(byte[] bytes) {
        String all = new String(bytes, ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Reply(0, Map.of(), all);
        }
        String[] head = all.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        Arrays.stream(head).skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        });
        return new Reply(Integer.parseInt(head[0].split(" ")[1]), headers, all.substring(end + 4));
    }
}
