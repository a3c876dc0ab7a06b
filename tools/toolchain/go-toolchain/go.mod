module pulumi-lvs.invalid/toolchain/go-toolchain

// What a Go before 1.21 downloads to build with, checked by go.sum.

go 1.19

require golang.org/toolchain v0.0.1-go1.27.3.linux-amd64
