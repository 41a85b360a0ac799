#pragma once

#include <braid/net/transport.hpp>

#include "tls_session.hpp"

namespace braid::net {

/// TLS over another stream, after the handshake.
class tls_transport final : public transport {
 public:
  tls_transport(std::unique_ptr<transport> below, std::unique_ptr<tls_session> session);
  ~tls_transport() override;

  void cancel() noexcept override;
  void close() noexcept override;
  void reset() noexcept override;
  bool is_open() const noexcept override;
  bool is_quiet() noexcept override;
  std::string peer_description() const override;
  std::string local_description() const override;
  std::string_view application_protocol() const noexcept override;
  bool is_good_for(std::string_view host) const override;
  std::vector<std::string> peer_certificates() const override;
  bool resumed_session() const noexcept override;

  bool takes_room_late() const noexcept override { return true; }
  bool try_read(operation& op) override;
  void start_read(operation& op) override;
  bool try_write(operation& op) override;
  void start_write(operation& op) override;
  bool try_shutdown(operation& op) override;
  void start_shutdown(operation& op) override;
  void cancel(operation& op) noexcept override;

 private:
  class state;
  state* state_;  // outlives *this while operations of the stream below are under way
};

}  // namespace braid::net
