; Maps in daily use: counting, grouping, nested updates.
(define text '(the quick brown fox jumps over the lazy dog the end))

(define counts (foldl (lambda (m w) (map/update m w (lambda (n) (+ 1 (if n n 0))))) {} text))
(println (get counts 'the) (get counts 'cat) (get counts 'cat 0)) ; expect: 3 nil 0
(println (equal? counts (frequencies text)))                     ; expect: #t
(println (take 3 (sort-by (lambda (entry) (- (cadr entry))) (map/entries counts)))) ; expect: ((the 3) (brown 1) (dog 1))

(define by-length (list/group-by (lambda (w) (string-length (symbol->string w))) (list/unique text)))
(println by-length)                      ; expect: {3 (the fox dog end) 4 (over lazy) 5 (quick brown jumps)}
(println (map/map-vals length by-length)) ; expect: {3 4 4 2 5 3}
(println (map/filter (lambda (size words) (> size 3)) by-length)) ; expect: {4 (over lazy) 5 (quick brown jumps)}
(println (map/map-keys (lambda (size) (* 10 size)) {1 :a 2 :b})) ; expect: {10 :a 20 :b}

; nothing changes in place
(define stock {:fruit {:apples 3 :pears 0} :bread 1})
(define later (-> stock
                  (update-in [:fruit :apples] (lambda (n) (- n 1)))
                  (assoc-in [:fruit :plums] 12)
                  (dissoc :bread)
                  (assoc :milk 2)))
(println later)                          ; expect: {:fruit {:apples 2 :pears 0 :plums 12} :milk 2}
(println stock)                          ; expect: {:bread 1 :fruit {:apples 3 :pears 0}}
(println (get-in later [:fruit :plums]) (get-in later [:fruit :nuts :kind] 'none)) ; expect: 12 none
(println (deep-merge stock {:fruit {:pears 5}})) ; expect: {:bread 1 :fruit {:apples 3 :pears 5}}
(println (merge stock {:bread 9}) (map/select-keys stock [:bread :rope])) ; expect: {:bread 9 :fruit {:apples 3 :pears 0}} {:bread 1}

; keys of all types, in one order; 1 and 1.0 are two keys
(println (keys {"b" 1 :a 2 'c 3 1 4 1.0 5 nil 6 [1] 7})) ; expect: (nil 1 1.0 "b" c :a [1])
(println (contains? {:a nil} :a) (get {:a nil} :a 5))    ; expect: #t nil

; hash maps stay hash maps
(define h (hashmap/new :b 2 :a 1))
(println h (type h) (type (assoc h :c 3)) (type (map/sort-keys h))) ; expect: {:a 1 :b 2} :hashmap :hashmap :map
(println (equal? h {:a 1 :b 2}) (equal? (hashmap/to-map h) {:a 1 :b 2})) ; expect: #f #t

; what may change cannot be a key
(println (try (assoc {} [(mutable-array/new)] 1) (catch e (:message e)))) ; expect: expected immutable map key, got mutable-array
