#pragma once

namespace braid::http {

/// Tells that this thread took masks from Beast's generator, or is about to; keeps those that follow unpredictable.
///
/// For: RFC 6455, 10.3: a server that can foretell masks chooses what bytes a client sends, to proxies that misread
/// them. Beast 1.81 gives each block of sixteen masks sixteen times over: it counts blocks and then divides by sixteen.
/// Threads: the calling one, whose generator it is.
void masks_taken(unsigned count);

}  // namespace braid::http
