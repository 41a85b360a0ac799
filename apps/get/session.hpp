#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <braid/http/cache.hpp>
#include <braid/http/client.hpp>
#include <braid/http/har.hpp>
#include <braid/http/hsts.hpp>
#include <braid/http/proxy_sign_in.hpp>

#include "address.hpp"
#include "cookie_box.hpp"
#include "options.hpp"
#include "progress_meter.hpp"
#include "trace.hpp"

namespace braid::get {

/// What the transfers of a command line share. Threads: its functions are for any context.
class session {
 public:
  /// Opens the trace's file. Throws: get_error (2).
  explicit session(const command_line& from);

  const command_line& line;
  trace shown;
  progress_meter meter;
  std::optional<http::har_recorder> archive;  // --har
  std::mutex writing;                         // of what several transfers write to the same place

  /// Reads the files of -b.
  void begin_cookies();
  /// Reads the files of --hsts.
  void begin_hsts();
  /// Writes those of -c and --hsts, and --har's. Throws: get_error (23).
  void save();

  /// Empty without cookies.
  std::string cookies_for(const url& to);
  void take_cookies(const url& from, const http::headers& response);

  /// With https instead of http where --hsts says so.
  address secured(address to) const;

  /// The client for a group's connections. `elsewhere`: --connect-to leads them to another host or port, for which an
  /// HTTP proxy has to open a tunnel. Throws: get_error.
  http::client client_of(const url_options& options, bool elsewhere = false);

  /// A connection's two ends: "127.0.0.1:80"; and what the peer showed, in PEM.
  struct ends {
    std::string peer, own;
    std::vector<std::string> certificates;
  };
  void note_ends(const std::string& host_and_port, ends both);
  ends ends_of(const std::string& host_and_port);

  /// Origins whose open connection speaks HTTP/1.0.
  void note_version(const std::string& origin, bool old);
  bool speaks_old(const std::string& origin);

  /// The Proxy-Authorization for a proxy that is sent the request itself; empty for none.
  std::string proxy_authorization(const net::proxy& via, std::string_view method, std::string_view target);
  /// Looks at a 407: true when another attempt may do. `sent` is what the refused request said.
  bool answers_proxy(const net::proxy& via, const http::headers& response, std::string_view sent);

  /// True for the first transfer of a group that writes heads to this file: it begins anew.
  bool begins_dump(const url_options& group, const std::string& file);

 private:
  http::client make_client(const url_options& options, bool elsewhere);
  void save_hsts() const;
  std::shared_ptr<http::response_cache> cache_of(const std::string& folder);

  std::mutex mutex_;
  std::optional<cookie_box> cookies_;                    // where -b FILE or -c asks for it
  std::shared_ptr<http::hsts_store> hsts_;               // where --hsts asks for it; null or not from the beginning
  std::map<std::string, http::client> clients_;          // by what makes their connections different
  std::map<std::string, http::proxy_sign_in> sign_ins_;  // by the proxies' keys
  std::map<std::string, ends> ends_;
  std::set<std::pair<const url_options*, std::string>> dumped_;
  std::set<std::string> old_;
  std::map<std::string, std::shared_ptr<http::response_cache>> caches_;
};

/// The proxies of -x, -U and --noproxy, or of the environment. Throws: get_error (5).
net::proxy_settings proxies_of(const url_options& options);

}  // namespace braid::get
