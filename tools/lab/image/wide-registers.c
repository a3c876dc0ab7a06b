/*
 * Loaded into the guests' kernel on processors with wide registers (AMX).
 *
 * User-mode Linux 6.1 sets the floating point registers of its processes from a buffer of 2696 bytes. The machine's
 * kernel takes the whole set or nothing (EFAULT): 11008 bytes with AMX, and the guest panics at its first program.
 * Here the set is filled up with zeros. They mean nothing: the header within the first bytes says which parts count,
 * and a guest's programs have no way to turn AMX on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

static long (*next)(int, pid_t, void *, void *);
static char wide[65536] __attribute__((aligned(64)));
static size_t size;

long ptrace(enum __ptrace_request request, ...)
{
	va_list list;
	va_start(list, request);
	pid_t pid = va_arg(list, pid_t);
	void *address = va_arg(list, void *);
	void *data = va_arg(list, void *);
	va_end(list);

	if (!next)
		next = dlsym(RTLD_NEXT, "ptrace");
	if (request != PTRACE_SETREGSET || address != (void *)NT_X86_XSTATE)
		return next(request, pid, address, data);

	if (!size) {
		struct iovec all = { wide, sizeof(wide) };
		if (next(PTRACE_GETREGSET, pid, address, &all) < 0)
			return -1;
		size = all.iov_len;
		memset(wide, 0, sizeof(wide));
	}
	struct iovec *given = data;
	if (given->iov_len >= size)
		return next(request, pid, address, data);
	memcpy(wide, given->iov_base, given->iov_len);
	struct iovec filled = { wide, size };
	return next(request, pid, address, &filled);
}
