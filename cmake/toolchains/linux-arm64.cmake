# Linux on 64-bit Arm from another Linux, with Debian's g++-aarch64-linux-gnu; programs run in qemu-user where it is
# installed.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

list(APPEND CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH) # a prefix of one's own too

find_program(LPOSS_QEMU qemu-aarch64)
if(LPOSS_QEMU)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${LPOSS_QEMU} -L /usr/aarch64-linux-gnu)
endif()
