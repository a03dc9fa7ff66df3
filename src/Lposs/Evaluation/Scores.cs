using Lposs.Imaging;

namespace Lposs.Evaluation;

/// <summary>
/// The field's measures of label maps against the truth, over a set of pictures: mean intersection over union, Boundary
/// IoU and pixel accuracy. All counts are whole numbers, so sets may be counted in parts, in any order, and added.
/// Not thread-safe.
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

    /// <summary>Pictures counted.</summary>
    public long Pictures { get; private set; }

    /// <summary>Pixels by true and predicted class.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Boundaries by class.</summary>
    public BoundaryIoU Boundary { get; }

    /// <summary>Counts one picture.</summary>
    /// <exception cref="ArgumentException">The sizes differ, or a true label is neither a class nor to be ignored.</exception>
    public void Add(LabelMap truth, LabelMap prediction)
    {
        Confusion.Add(truth, prediction);
        Boundary.Add(truth, prediction);
        Pictures++;
    }

    /// <summary>Adds another set.</summary>
    public void Add(Scores other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Confusion.Add(other.Confusion);
        Boundary.Add(other.Boundary);
        Pictures += other.Pictures;
    }

    /// <summary>Counts pictures on several threads; the same numbers for any number of them.</summary>
    /// <param name="classCount">C.</param>
    /// <param name="ignore">The true label that does not count.</param>
    /// <param name="pictures">What to count, in any form.</param>
    /// <param name="read">Truth and prediction of a picture; called on several threads.</param>
    /// <param name="threads">1 or more; 0 for one on each processor that the process may use.</param>
    /// <param name="cancellation">Looked at between pictures.</param>
    public static Scores Of<T>(
        int classCount, int ignore, IEnumerable<T> pictures, Func<T, (LabelMap Truth, LabelMap Prediction)> read, int threads = 0,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        var all = new Scores(classCount, ignore);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        try
        {
            Parallel.ForEach(
                pictures, options,
                () => new Scores(classCount, ignore),
                (picture, _, own) =>
                {
                    var (truth, prediction) = read(picture);
                    own.Add(truth, prediction);
                    return own;
                },
                own =>
                {
                    lock (all)
                        all.Add(own);
                });
        }
        catch (AggregateException error)
        {
            // The first that failed; the others were stopped by it, or would fail likewise.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
        return all;
    }
}
