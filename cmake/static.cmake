# ATCERT_STATIC: libraries come from their archives, glibc aside. The program is then one file to copy to a station with
# nothing to install there, and starts in two thirds of the time. Its OpenSSL is renewed by building anew.
option(ATCERT_STATIC "Link all libraries but glibc into the program" OFF)

if(ATCERT_STATIC)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a .so)
  add_link_options(-static-libstdc++ -static-libgcc)
endif()

# fmt, which Debian ships as a shared library only: the archive is made from its headers.
function(atcert_static_fmt)
  get_target_property(headers fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
  add_library(atcert_fmt STATIC cmake/fmt.cpp)
  target_include_directories(atcert_fmt SYSTEM PUBLIC ${headers})
  set_target_properties(atcert_fmt PROPERTIES OUTPUT_NAME fmt)
endfunction()
