namespace Lposs;

/// <summary>
/// Where a context takes its memory from instead of the system or the driver: a framework's own pool, for instance.
/// Both
/// methods are called by one thread at a time for a context, and from inside the context's calls, so they do not call
/// it.
/// They may be called after the context was disposed, for as long as there are graphs or tensors of it.
/// </summary>
public abstract class LpossAllocator
{
    /// <summary>Gives memory.</summary>
    /// <param name="bytes">1 or more.</param>
    /// <param name="stream">The context's, on which the memory is to be usable; address 0 on the CPU.</param>
    /// <returns>
    /// An address of the context's kind of memory (a device's on CUDA), aligned to 256 bytes; 0 where there is no more.
    /// An
    /// exception counts as 0, and the call that needed the memory throws <see cref="LpossException"/>.
    /// </returns>
    protected internal abstract nint Allocate(long bytes, CudaStreamHandle stream);

    /// <summary>Takes memory back; it must not throw.</summary>
    /// <param name="address">As <see cref="Allocate"/> gave it.</param>
    /// <param name="bytes">As it was asked for.</param>
    /// <param name="stream">On which it may still be in use.</param>
    protected internal abstract void Release(nint address, long bytes, CudaStreamHandle stream);
}
