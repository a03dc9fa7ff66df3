namespace Lposs.Tools.Evaluation;

/// <summary>
/// The field's measures of label maps against the truth, over a set of images: mean intersection over union, Boundary
/// IoU and pixel accuracy. All counts are whole numbers, so sets may be counted in parts, in any order, and added. Not
/// thread-safe.
/// </summary>
public sealed class Scores
{
    /// <param name="classCount">C: labels 0 to C - 1 are the classes.</param>
    /// <param name="ignore">The true label that does not count.</param>
    public Scores(int classCount, int ignore = 255)
    {
        Confusion = new ConfusionMatrix(classCount, ignore);
        Boundary = new BoundaryIoU(classCount, ignore);
    }

    /// <summary>Images counted.</summary>
    public long Images { get; private set; }

    /// <summary>Pixels by true and predicted class.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Boundaries by class.</summary>
    public BoundaryIoU Boundary { get; }

    /// <summary>Counts one image.</summary>
    /// <exception cref="LpossException">The sizes differ, or a true label is neither a class nor to be
    /// ignored.</exception>
    public void Add(LabelMap truth, LabelMap prediction)
    {
        Confusion.Add(truth, prediction);
        Boundary.Add(truth, prediction);
        Images++;
    }

    /// <summary>Adds another set.</summary>
    public void Add(Scores other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Confusion.Add(other.Confusion);
        Boundary.Add(other.Boundary);
        Images += other.Images;
    }

    /// <summary>Counts images on several threads; the same numbers for any number of them.</summary>
    /// <param name="classCount">C.</param>
    /// <param name="ignore">The true label that does not count.</param>
    /// <param name="images">What to count, in any form.</param>
    /// <param name="read">Truth and prediction of an image; called on several threads.</param>
    /// <param name="threads">1 or more; 0 for one on each processor that the process may use.</param>
    /// <param name="cancellationToken">Looked at between images.</param>
    public static Scores Of<T>(
        int classCount,
        int ignore,
        IEnumerable<T> images,
        Func<T, (LabelMap Truth, LabelMap Prediction)> read,
        int threads = 0,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(read);
        var all = new Scores(classCount, ignore);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.ForEach(
                images,
                options,
                () => new Scores(classCount, ignore),
                (image, _, own) =>
                {
                    var (truth, prediction) = read(image);
                    own.Add(truth, prediction);
                    return own;
                },
                own =>
                {
                    lock (all)
                        all.Add(own);
                }
            );
        }
        catch (AggregateException error)
        {
            // The first that failed; the others were stopped by it, or would fail likewise.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
        return all;
    }
}
