"""Says where it listens, sends an event on each of two connections, and on the third that there are no more."""
import socket

listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
last = ""
for event in (b"retry: 1\nid: 1\ndata: one\n\n", b"event: other\nid: 2\ndata: two\n\n", b""):
    peer = listener.accept()[0]
    stream = peer.makefile("rb")
    said = ""
    while (line := stream.readline().decode().strip()):
        if line.lower().startswith("last-event-id:"):
            said = line.split(":", 1)[1].strip()
    assert said == last, said
    last = str(int(last or 0) + 1)
    status = b"200 OK\r\nContent-Type: text/event-stream" if event else b"204 No Content"
    peer.sendall(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\n\r\n" + event)
    stream.close()
    peer.close()
