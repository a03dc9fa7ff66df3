using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lposs.Encoding;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>
/// Whether windows of several pictures may share runs of the encoders: only where a window's features are the same bits
/// alone and at every place of a run. Which pictures meet is a matter of chance, and results are not to be. Nobody promises
/// it: a matrix product of more rows may add in another order, a GPU takes other kernels for it, and a model that is
/// quantised while it runs scales by the whole run. So it is tried, on noise, once for every shape and number of windows,
/// before the first such run is shared. Thread-safe.
/// </summary>
internal sealed class SharedRuns(ImageEncoder encoder)
{
    private readonly Lock _guard = new();
    private readonly Dictionary<RunShape, Trial> _trials = [];

    /// <summary>Whether pictures had to be encoded in runs of their own.</summary>
    public bool WereRefused { get; private set; }

    /// <summary>Tries the runs that were not tried yet.</summary>
    /// <param name="shape">Of their windows.</param>
    /// <param name="sizes">Windows in them.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="ModelBundleException">An encoder failed.</exception>
    public bool Allow(RunShape shape, IEnumerable<int> sizes, CancellationToken cancellation)
    {
        lock (_guard)
        {
            if (!_trials.TryGetValue(shape, out var trial))
                _trials.Add(shape, trial = new Trial(encoder, shape));
            bool isAllowed = sizes.All(size => trial.Holds(size, cancellation));
            WereRefused |= !isAllowed;
            return isAllowed;
        }
    }

    /// <summary>Runs over windows of one shape.</summary>
    private sealed class Trial(ImageEncoder encoder, RunShape shape)
    {
        private readonly List<string> _alone = [];
        private readonly Dictionary<int, bool> _holds = [];

        public bool Holds(int size, CancellationToken cancellation)
        {
            if (_holds.TryGetValue(size, out bool known))
                return known;
            while (_alone.Count < size)
                _alone.AddRange(Run(_alone.Count, 1, cancellation));
            // A run of one is tried too: an encoder may differ from itself.
            return _holds[size] = Run(0, size, cancellation).SequenceEqual(_alone.Take(size));
        }

        /// <summary>For each window, in a few characters, the bits of its features.</summary>
        private string[] Run(int first, int count, CancellationToken cancellation)
        {
            var (vlm, vm) = encoder.Encode(
                Noise(shape.Vlm, first, count),
                shape.NeedsVm && !encoder.SharesWindows ? Noise(shape.Vm, first, count) : default,
                shape.NeedsVm, cancellation);
            return [.. Enumerable.Range(0, count).Select(window => Hash(vlm, window) + (vm is null ? "" : Hash(vm, window)))];
        }

        private static WindowBatch Noise(PixelSize windowSize, int first, int count)
        {
            int size = checked(3 * windowSize.Height * windowSize.Width);
            float[] pixels = new float[checked(count * size)];
            for (int window = 0; window < count; window++)
            {
                // Each window has numbers of its own, of the size of normalised pixels.
                var random = new Random(first + window);
                foreach (ref float value in pixels.AsSpan(window * size, size))
                    value = 4 * random.NextSingle() - 2;
            }
            return new WindowBatch(pixels, count, windowSize.Height, windowSize.Width);
        }

        private static string Hash(PatchFeatures features, int window)
        {
            int size = features.Values.Length / features.Windows;
            return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(features.Values.Span.Slice(window * size, size))));
        }
    }
}
