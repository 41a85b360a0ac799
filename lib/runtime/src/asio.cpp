// Asio's own sources, compiled once for everything that links braid::runtime. Empty when BRAID_SEPARATE_ASIO is off.
#ifdef BOOST_ASIO_SEPARATE_COMPILATION
#include <boost/asio/impl/src.hpp>
#endif
