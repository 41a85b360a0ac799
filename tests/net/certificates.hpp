#pragma once

#include <string>

namespace net_test {

/// Certificates made for one run of the tests, as PEM files in a folder that goes away with the object.
class certificates {
 public:
  /// Made once; keys take a moment.
  static const certificates& shared();

  certificates();
  ~certificates();
  certificates(const certificates&) = delete;
  certificates& operator=(const certificates&) = delete;

  std::string ca() const { return folder_ + "/ca.pem"; }
  /// "good": localhost, *.example.org and 127.0.0.1, by our authority. "other": other.example.com. "expired": as good,
  /// but of last year. "self": as good, signed by itself. "revoked": as good, and in the list crl(). "chained": as
  /// good, by an authority below ours that is in the chain; "incomplete": the same, and it is not. "locked" is good's
  /// key with the password "pass". "wild": for wildcards that go too far. "zero": for "localhost", a zero byte and
  /// ".evil.example".
  std::string chain(const std::string& name) const { return folder_ + "/" + name + ".pem"; }
  std::string crl() const { return folder_ + "/crl.pem"; }
  std::string folder() const { return folder_; }
  /// Of the public key, as curl has it.
  std::string pin(const std::string& name) const;
  std::string key(const std::string& name) const { return folder_ + "/" + name + ".key"; }

 private:
  std::string folder_;
};

}  // namespace net_test
