import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;

/**
 * Lucene's BM25 over passages given as terms. Arguments: folder for the index, k1, b, how many hits.
 * Reads one passage a line up to an empty line, says "ready", then answers each line of terms with the
 * nanoseconds that the search took and the numbers of the best passages.
 */
public final class Lucene {
    public static void main(String[] arguments) throws IOException {
        BM25Similarity similarity = new BM25Similarity(Float.parseFloat(arguments[1]), Float.parseFloat(arguments[2]));
        int limit = Integer.parseInt(arguments[3]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        FSDirectory folder = FSDirectory.open(Path.of(arguments[0]));
        IndexWriterConfig settings = new IndexWriterConfig(new WhitespaceAnalyzer()).setSimilarity(similarity);
        try (IndexWriter writer = new IndexWriter(folder, settings.setRAMBufferSizeMB(200))) {
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                Document passage = new Document();
                passage.add(new TextField("terms", line, Field.Store.NO));
                writer.addDocument(passage);
            }
            writer.forceMerge(1);
        }
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(folder));
        searcher.setSimilarity(similarity);
        searcher.setQueryCache(null);
        System.out.println("ready");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            long begun = System.nanoTime();
            BooleanQuery.Builder query = new BooleanQuery.Builder();
            for (String term : line.split(" ")) {
                query.add(new TermQuery(new Term("terms", term)), BooleanClause.Occur.SHOULD);
            }
            TopDocs found = searcher.search(query.build(), limit);
            StringBuilder answer = new StringBuilder().append(System.nanoTime() - begun);
            for (int at = 0; at < found.scoreDocs.length; at++) {
                answer.append(' ').append(found.scoreDocs[at].doc);
            }
            System.out.println(answer);
        }
    }
}
