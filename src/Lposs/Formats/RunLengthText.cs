using System.Text;

namespace Lposs.Formats;

/// <summary>
/// COCO's text of run lengths: each run, from the fourth on less the run two before it, in groups of five bits from the
/// lowest up; the sixth bit says that more follow, the sign is the fifth bit of the last; plus 48, as ASCII.
/// </summary>
internal static class RunLengthText
{
    public static string Of(IReadOnlyList<int> counts)
    {
        var text = new StringBuilder();
        for (int i = 0; i < counts.Count; i++)
        {
            int rest = i > 2 ? counts[i] - counts[i - 2] : counts[i];
            bool more;
            do
            {
                int group = rest & 31;
                rest >>= 5;
                more = (group & 16) != 0 ? rest != -1 : rest != 0;
                text.Append((char)(48 + (more ? group | 32 : group)));
            }
            while (more);
        }
        return text.ToString();
    }
}
