"""Says where it listens and sends one client's short WebSocket messages back, byte for byte."""
import base64
import hashlib
import socket

listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
peer = listener.accept()[0]
stream = peer.makefile("rb")
key = ""
while (line := stream.readline().decode().strip()):
    if line.lower().startswith("sec-websocket-key:"):
        key = line.split(":", 1)[1].strip()
digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n")
while (head := stream.read(2)):
    mask = stream.read(4)
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(stream.read(head[1] & 0x7F)))
    peer.sendall(bytes([head[0], len(body)]) + body)
